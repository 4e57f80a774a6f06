import { requestJson } from './http.ts';

export interface SentMail {
  messageId: string;
  to: { address: string }[];
  text: string;
}

export interface LabOrder {
  id: number;
  name: string;
  line_items: { id: number }[];
}

/** What a visitor's page shows and was told. */
export interface VisitorPage {
  agentTyping: boolean;
  conversation: { id: string | null; state: string; askRating: boolean; seenOrder: number } | null;
  messages: { id: string; author: string; authorName: string; text: string; order: number }[];
}

/** A browser on the shop's website with the chat open. */
export class Visitor {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  page(): Promise<VisitorPage> {
    return requestJson<VisitorPage>(this.#url);
  }

  say(text: string) {
    return requestJson(`${this.#url}/messages`, { body: { text } });
  }

  types(typing: boolean) {
    return requestJson(`${this.#url}/typing`, { body: { typing } });
  }

  /** Messages of ours that reached the page, or were on its screen. */
  receipt(receipt: { delivered?: string[]; read?: string[] }) {
    return requestJson(`${this.#url}/receipts`, { body: receipt });
  }

  rate(score: number, comment: string) {
    return requestJson(`${this.#url}/rating`, { body: { score, comment } });
  }
}

/** Plays customers, Mailgun and Shopify through the fault lab's control API. */
export class Lab {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  mail(draft: { from: string; subject: string; text?: string; html?: string; attachments?: object[] }) {
    return requestJson<{ messageId: string }>(`${this.#url}/lab/mailgun/inbound`, { body: draft });
  }

  /** Mails that went out to this address, oldest first. */
  async sentTo(address: string): Promise<SentMail[]> {
    const { items } = await requestJson<{ items: SentMail[] }>(`${this.#url}/lab/mailgun/outbox`);
    return items.filter((mail) => mail.to.some((to) => to.address === address)).reverse();
  }

  report(messageId: string, event: 'delivered' | 'failed', details: object = {}) {
    return requestJson(`${this.#url}/lab/mailgun/outbox/${encodeURIComponent(messageId)}/events`, {
      body: { event, ...details },
    });
  }

  /** Whether mails are reported as delivered by themselves. */
  autoDeliver(on: boolean) {
    return requestJson(`${this.#url}/lab/mailgun/settings`, { method: 'PATCH', body: { autoDeliver: on } });
  }

  fault(fault: { kind: string; recipient?: string; count?: number; delayMs?: number }) {
    return requestJson(`${this.#url}/lab/mailgun/faults`, { body: fault });
  }

  /** Opens the website. The page says nothing by itself of what arrived or was read. */
  async visitor(draft: object = {}): Promise<Visitor> {
    const body = { deliveredAfterMs: null, readAfterMs: null };
    await requestJson(`${this.#url}/lab/web-chat/settings`, { method: 'PATCH', body });
    const { id } = await requestJson<{ id: string }>(`${this.#url}/lab/web-chat/visitors`, { body: draft });
    return new Visitor(`${this.#url}/lab/web-chat/visitors/${id}`);
  }

  async order(draft: object): Promise<LabOrder> {
    return (await requestJson<{ order: LabOrder }>(`${this.#url}/lab/shopify/orders`, { body: draft })).order;
  }

  ship(order: LabOrder, draft: object) {
    return requestJson(`${this.#url}/lab/shopify/orders/${order.id}/ship`, { body: draft });
  }

  refund(order: LabOrder, draft: object) {
    return requestJson(`${this.#url}/lab/shopify/orders/${order.id}/refund`, { body: draft });
  }
}
