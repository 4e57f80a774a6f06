import type { MailgunEventName } from './event.ts';
import type { SendRequest } from './parse-send.ts';

/** One accepted send request. A Message-Id that was accepted twice has two of these: the customer has two mails. */
export interface SentMail extends SendRequest {
  messageId: string;
  accountId: string;
  domain: string;
  receivedAt: number;
  /** Which acceptance of this Message-Id it is, from 1. */
  count: number;
  /** What was reported to the product so far. */
  events: MailgunEventName[];
}

const KEPT_MAILS = 5_000;

/** The mails that were accepted, oldest first. */
export class Outbox {
  readonly sent: SentMail[] = [];
  #counts = new Map<string, number>();

  add(mail: Omit<SentMail, 'count' | 'events'>): SentMail {
    const count = this.countOf(mail.messageId) + 1;
    this.#counts.set(mail.messageId, count);
    const sent: SentMail = { ...mail, count, events: [] };
    this.sent.push(sent);
    if (this.sent.length > KEPT_MAILS) this.sent.shift();
    return sent;
  }

  /** How often a mail with this Message-Id was accepted; the answer to "did the customer get it twice?". */
  countOf(messageId: string): number {
    return this.#counts.get(messageId) ?? 0;
  }

  /** The newest mail with this Message-Id, brackets optional. */
  find(messageId: string): SentMail | null {
    const id = messageId.startsWith('<') ? messageId : `<${messageId}>`;
    return this.sent.findLast((mail) => mail.messageId === id) ?? null;
  }

  clear(): void {
    this.sent.length = 0;
    this.#counts.clear();
  }
}
