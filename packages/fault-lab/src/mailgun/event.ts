import type { SignedRequest } from '../outgoing/webhook-poster.ts';
import type { MailgunAccount } from './mail.ts';
import type { MailgunSignature } from './sign.ts';

export const mailgunEvents = [
  'accepted',
  'delivered',
  'failed',
  'opened',
  'clicked',
  'complained',
  'unsubscribed',
] as const;
export type MailgunEventName = (typeof mailgunEvents)[number];

export interface MailgunEventDraft {
  event: MailgunEventName;
  /** With or without angle brackets; events carry it without. */
  messageId: string;
  recipient: string;
  /** Only for `failed`. */
  severity?: 'permanent' | 'temporary' | undefined;
  code?: number | undefined;
  message?: string | undefined;
  variables?: Record<string, string> | undefined;
}

function toFailure(draft: MailgunEventDraft): object {
  const severity = draft.severity ?? 'permanent';
  const isPermanent = severity === 'permanent';
  return {
    severity,
    reason: isPermanent ? 'bounce' : 'generic',
    'delivery-status': {
      code: draft.code ?? (isPermanent ? 550 : 421),
      message: draft.message ?? (isPermanent ? '5.1.1 no such user' : '4.7.0 try again later'),
      'attempt-no': 1,
    },
  };
}

/** The JSON webhook for one event of a mail that was sent. `id` is unique within a day only; the token is the delivery's key. */
export function buildEventRequest(
  account: MailgunAccount,
  draft: MailgunEventDraft,
  signature: MailgunSignature,
  made: { id: string; nowMs: number },
): SignedRequest {
  const body = {
    signature,
    'event-data': {
      event: draft.event,
      id: made.id,
      timestamp: made.nowMs / 1000,
      recipient: draft.recipient,
      ...(draft.event === 'failed' ? toFailure(draft) : {}),
      ...(draft.event === 'delivered' ? { 'delivery-status': { code: 250, message: 'OK', 'attempt-no': 1 } } : {}),
      message: { headers: { 'message-id': draft.messageId.replace(/^<|>$/g, '') } },
      'user-variables': draft.variables ?? {},
    },
  };
  return {
    url: account.webhookUrl,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'mailgun/fault-lab' },
    body: Buffer.from(JSON.stringify(body)),
  };
}
