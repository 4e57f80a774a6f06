import { expect, test } from 'vitest';
import { signShopify } from './sign.ts';

test('the signature is that of the worked example in the platform facts', () => {
  const body =
    '{"id":5500000000001,"name":"#1001","currency":"JPY","total_price":"1200","updated_at":"2026-01-01T09:00:00+09:00"}';
  expect(signShopify('shpss_example_0001', Buffer.from(body))).toBe('ZhGb11Tx2XcBo/3ViH7XdZsyhXjMEuvJv+Htwd01WTc=');
});
