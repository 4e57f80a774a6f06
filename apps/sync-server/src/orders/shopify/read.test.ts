import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakePlatform } from '../../../test/fake-platform.ts';
import { config } from '../../../test/shopify-webhooks.ts';
import fixture from './fixtures/order.json' with { type: 'json' };
import { readOrder } from './read.ts';

const platform = new FakePlatform();
let apiBaseUrl = '';
beforeAll(async () => {
  apiBaseUrl = await platform.start();
});
afterAll(() => platform.stop());
const read = (id: string, patch: object = {}) =>
  readOrder(id, {
    config: { ...config, apiBaseUrl },
    signal: AbortSignal.timeout(5_000),
    strictEgress: false,
    ...patch,
  });

test('an order is read from the shop with its token', async () => {
  platform.answerJson(200, { order: fixture.order });
  expect(await read('5500000000001')).toMatchObject({ externalId: '5500000000001', totalMinor: 3_300 });
  expect(platform.seen.at(-1)).toMatchObject({
    method: 'GET',
    url: '/admin/api/2026-07/orders/5500000000001.json',
    headers: { 'x-shopify-access-token': 'shpat_0001' },
  });
});

test('an order the shop does not have is null', async () => {
  platform.answerJson(404, { errors: 'Not Found' });
  expect(await read('1')).toBeNull();
});

test('a shop that says no is told apart, with its wait', async () => {
  platform.answerJson(429, {}, { 'retry-after': '2.0' });
  await expect(read('1')).rejects.toMatchObject({ name: 'PlatformError', status: 429, retryAfterMs: 2_000 });
  platform.answerJson(401, {});
  await expect(read('1')).rejects.toMatchObject({ name: 'PlatformError', status: 401 });
});

test('an answer without an order cannot be read', async () => {
  platform.answerJson(200, {});
  await expect(read('1')).rejects.toMatchObject({ name: 'ParseError' });
  platform.answerWith((response) => response.end('<html>'));
  await expect(read('1')).rejects.toMatchObject({ name: 'ParseError' });
});

test('the token does not follow a redirect, and strict egress asks nobody', async () => {
  platform.answerWith((response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end());
  await expect(read('1')).rejects.toMatchObject({ name: 'PlatformError', status: null });
  const before = platform.seen.length;
  await expect(read('1', { strictEgress: true })).rejects.toMatchObject({ name: 'PlatformError' });
  expect(platform.seen).toHaveLength(before);
});
