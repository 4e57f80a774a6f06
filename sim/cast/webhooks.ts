import { createHmac } from 'node:crypto';
import { signMailgun } from '../../packages/fault-lab/src/mailgun/sign.ts';
import { signShopify } from '../../packages/fault-lab/src/shopify/sign.ts';
import type { HttpCall } from '../world/sim-http-server.ts';
import { CHAT_SECRET, MAIL_KEY, SHOP_DOMAIN, SHOP_SECRET, type StageAccount } from './stage.ts';

export interface MailFacts {
  messageId: string;
  from: string;
  subject: string;
  text: string;
  /** Oldest first. */
  references: readonly string[];
}

/** A mail as Mailgun's route hands it over. @param token - one-time; the same one again is a repetition. */
export function mailCall(account: StageAccount, mail: MailFacts, nowMs: number, token: string): HttpCall {
  const headers = [
    ['Message-Id', mail.messageId],
    ['From', mail.from],
    ['Subject', mail.subject],
    ...(mail.references.length > 0
      ? [
          ['In-Reply-To', mail.references.at(-1)],
          ['References', mail.references.join(' ')],
        ]
      : []),
  ];
  const form = new URLSearchParams({
    recipient: account.address,
    sender: mail.from,
    from: mail.from,
    subject: mail.subject,
    'body-plain': mail.text,
    'message-headers': JSON.stringify(headers),
    ...signMailgun(MAIL_KEY, seconds(nowMs), token),
  });
  return post(account, 'application/x-www-form-urlencoded', form.toString());
}

export interface ReportFacts {
  event: 'delivered' | 'opened' | 'failed' | 'accepted';
  messageId: string;
  recipient: string;
  id: string;
}

export function reportCall(account: StageAccount, report: ReportFacts, nowMs: number, token: string): HttpCall {
  const body = {
    signature: signMailgun(MAIL_KEY, seconds(nowMs), token),
    'event-data': {
      event: report.event,
      id: report.id,
      timestamp: nowMs / 1000,
      recipient: report.recipient,
      ...(report.event === 'failed'
        ? { severity: 'permanent', reason: 'bounce', 'delivery-status': { code: 550, message: 'no such user' } }
        : {}),
      message: { headers: { 'message-id': report.messageId.replace(/^<|>$/g, '') } },
    },
  };
  return post(account, 'application/json', JSON.stringify(body));
}

/** What a shop's own backend relays of its visitor. */
export function chatCall(account: StageAccount, visitor: string, event: object, nowMs: number): HttpCall {
  const body = JSON.stringify({ visitor, events: [event] });
  const timestamp = seconds(nowMs);
  const proof = createHmac('sha256', CHAT_SECRET).update(`${timestamp}.`).update(body).digest('hex');
  return post(account, 'application/json', body, {
    'x-tradewind-timestamp': timestamp,
    'x-tradewind-signature': `v1=${proof}`,
  });
}

export function shopCall(account: StageAccount, topic: string, payload: object, eventId: string): HttpCall {
  const body = JSON.stringify(payload);
  return post(account, 'application/json', body, {
    'x-shopify-topic': topic,
    'x-shopify-hmac-sha256': signShopify(SHOP_SECRET, Buffer.from(body)),
    'x-shopify-shop-domain': SHOP_DOMAIN,
    'x-shopify-event-id': eventId,
    'x-shopify-webhook-id': eventId,
  });
}

function post(
  account: StageAccount,
  contentType: string,
  body: string,
  headers: Record<string, string> = {},
): HttpCall {
  return {
    method: 'POST',
    path: `/webhooks/${account.kind}/${account.id}`,
    headers: { 'content-type': contentType, ...headers },
    body: Buffer.from(body),
  };
}

function seconds(nowMs: number): string {
  return String(Math.floor(nowMs / 1000));
}
