import { createUuid } from '../outgoing/random-ids.ts';
import type { SignedRequest } from '../outgoing/webhook-poster.ts';
import { signShopify } from './sign.ts';

/** A shop as the product has connected it. */
export interface ShopifyAccount {
  id: string;
  /** `name.myshopify.com`; all accounts of one shop see the same orders. */
  shop: string;
  clientSecret: string;
  accessToken: string;
  /** Where the product takes this shop's webhooks: `…/webhooks/shopify/<accountId>`. */
  webhookUrl: string;
  apiVersion: string;
}

export interface WebhookOptions {
  /** Shared by every webhook that one change triggers. */
  eventId?: string | undefined;
  /** Epoch milliseconds of the change. */
  triggeredAt?: number | undefined;
  /** JSON as some Shopify services write it: `\/` and `\uXXXX`. The meaning is the same, the signed bytes are not. */
  escaped?: boolean | undefined;
  /** `events`: the newer header names, and `orders/update` for `orders/updated`. */
  flavour?: 'classic' | 'events' | undefined;
}

function escapeJson(json: string): string {
  return json
    .replaceAll('/', '\\/')
    .replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * A signed webhook that is not sent.
 *
 * @param payload - the resource itself, no envelope; text is taken as the exact body.
 */
export function buildWebhookRequest(
  account: ShopifyAccount,
  topic: string,
  payload: object | string,
  made: { random: () => number; nowMs: number },
  options: WebhookOptions = {},
): SignedRequest {
  const json = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const body = Buffer.from(options.escaped ? escapeJson(json) : json);
  const prefix = options.flavour === 'events' ? 'shopify' : 'X-Shopify';
  return {
    url: account.webhookUrl,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Shopify-Captain-Hook/fault-lab',
      [`${prefix}-Topic`]: options.flavour === 'events' ? topic.replace(/^orders\/updated$/, 'orders/update') : topic,
      [`${prefix}-Hmac-Sha256`]: signShopify(account.clientSecret, body),
      [`${prefix}-Shop-Domain`]: account.shop,
      [`${prefix}-API-Version`]: account.apiVersion,
      [`${prefix}-Webhook-Id`]: createUuid(made.random),
      [`${prefix}-Event-Id`]: options.eventId ?? createUuid(made.random),
      [`${prefix}-Triggered-At`]: new Date(options.triggeredAt ?? made.nowMs).toISOString(),
    },
    body,
  };
}
