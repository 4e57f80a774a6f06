import { signShopify } from '@tradewind/fault-lab/shopify/sign';
import type { RawWebhook } from '../src/connector.ts';
import { shopifyConfigSchema } from '../src/orders/shopify/config.ts';

/** The worked example of platforms/shopify.md. */
export const EXAMPLE = {
  secret: 'shpss_example_0001',
  body: '{"id":5500000000001,"name":"#1001","currency":"JPY","total_price":"1200","updated_at":"2026-01-01T09:00:00+09:00"}',
  signature: 'ZhGb11Tx2XcBo/3ViH7XdZsyhXjMEuvJv+Htwd01WTc=',
};
export const NOW_MS = 1_767_312_000_000;

export const config = shopifyConfigSchema.parse({
  clientSecret: EXAMPLE.secret,
  shop: 'example.myshopify.com',
  accessToken: 'shpat_0001',
});

/** A signed request; `headers` override what is sent, null leaves one out. */
export function shopRequest(topic: string, payload: unknown, headers: Record<string, string | null> = {}): RawWebhook {
  const body = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
  const all: Record<string, string | null> = {
    'content-type': 'application/json',
    'x-shopify-topic': topic,
    'x-shopify-hmac-sha256': signShopify(EXAMPLE.secret, body),
    'x-shopify-shop-domain': 'example.myshopify.com',
    'x-shopify-event-id': 'event-1',
    'x-shopify-webhook-id': 'webhook-1',
    'x-shopify-triggered-at': '2026-01-01T09:00:00.123Z',
    ...headers,
  };
  const sent = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null);
  return { method: 'POST', pathSuffix: '', query: '', headers: Object.fromEntries(sent), body };
}
