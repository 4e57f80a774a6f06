import { type MailAddress, parseAddress } from './address.ts';

/** A Mailgun account as the product has connected it, with what the lab needs to play the platform to it. */
export interface MailgunAccount {
  id: string;
  domain: string;
  apiKey: string;
  signingKey: string;
  /** Where the product takes this account's webhooks: `…/webhooks/mailgun/<accountId>`. */
  webhookUrl: string;
  /** The address customers write to. */
  address: string;
}

export interface MailAttachment {
  name: string;
  contentType: string;
  content: Buffer;
  /** Referenced from the HTML as `cid:<contentId>`. */
  contentId?: string | undefined;
}

/** A mail as a customer writes it. Only `from` is needed. */
export interface MailDraft {
  from: MailAddress | string;
  to?: string | undefined;
  cc?: string | undefined;
  subject?: string | undefined;
  /** The whole plain part, quotes and all. Without text and html only attachments arrive. */
  text?: string | undefined;
  html?: string | undefined;
  attachments?: MailAttachment[] | undefined;
  /** With angle brackets; made up when missing. */
  messageId?: string | undefined;
  inReplyTo?: string | undefined;
  /** Oldest first. */
  references?: string[] | undefined;
  headers?: [name: string, value: string][] | undefined;
  /** The Date header, epoch milliseconds; now when missing. */
  date?: number | undefined;
  /** The raw message for the `mime` form, instead of one made from the fields: other charsets, broken parts. */
  rawMime?: Buffer | undefined;
}

/** The ways a route can hand over a mail: `forward` (two encodings), `forward` to a `…/mime` address, `store(notify)`. */
export const inboundForms = ['urlencoded', 'multipart', 'mime', 'store'] as const;
export type InboundForm = (typeof inboundForms)[number];

/** A draft with everything decided that the platform would decide. */
export interface Mail extends MailDraft {
  from: MailAddress;
  to: string;
  subject: string;
  attachments: MailAttachment[];
  messageId: string;
  date: number;
}

export function completeMail(
  draft: MailDraft,
  account: Pick<MailgunAccount, 'address'>,
  made: { nowMs: number; uniqueId: string },
): Mail {
  const from = typeof draft.from === 'string' ? parseAddress(draft.from) : draft.from;
  if (!from) throw new RangeError(`from: "${String(draft.from)}" is not a mail address`);
  const senderDomain = from.address.split('@')[1] ?? 'example.com';
  return {
    ...draft,
    from,
    to: draft.to ?? account.address,
    subject: draft.subject ?? '',
    attachments: draft.attachments ?? [],
    messageId: draft.messageId ?? `<${made.uniqueId}@${senderDomain}>`,
    date: draft.date ?? made.nowMs,
  };
}
