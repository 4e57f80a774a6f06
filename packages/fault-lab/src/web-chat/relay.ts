import { createHmac } from 'node:crypto';
import type { SignedRequest } from '../outgoing/webhook-poster.ts';
import type { WebChatAccount } from './account.ts';
import type { SignedCustomer } from './sign-identity.ts';

/** News of one visitor as a shop's own backend posts them, for people who write in the shop's app. */
export interface RelayDraft {
  /** The shop's id of the person, or the product's id of a visitor. */
  visitor: string;
  vouched?: SignedCustomer | undefined;
  language?: string | undefined;
  page?: string | undefined;
  /** `message`, `profile`, `receipt`, `rating`: as the product documents them. */
  events: readonly { type: string; [field: string]: unknown }[];
}

/** HMAC-SHA256 with the account's `identitySecret` over `{seconds}.{body}`, in hex behind `v1=`. */
export function buildRelayRequest(account: WebChatAccount, draft: RelayDraft, timestampS: number): SignedRequest {
  const body = Buffer.from(JSON.stringify(draft));
  const timestamp = String(timestampS);
  const signature = createHmac('sha256', account.identitySecret ?? '')
    .update(`${timestamp}.`)
    .update(body)
    .digest('hex');
  return {
    url: `${account.serverUrl}/webhooks/web-chat/${account.id}`,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-tradewind-timestamp': timestamp,
      'x-tradewind-signature': `v1=${signature}`,
    },
    body,
  };
}
