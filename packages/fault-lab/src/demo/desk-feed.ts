import { type Change, changesPageSchema, MAX_CHANGES_PER_PAGE } from '@tradewind/shared/protocol/sync';
import { type Message, messageSchema } from '@tradewind/shared/schemas/message';
import { type Order, orderSchema } from '@tradewind/shared/schemas/order';
import type { DeskClient } from './desk-client.ts';

const PAUSE_MS = 50;
const LONGEST_WAIT_MS = 30_000;

/** What the desk holds, read as a console reads it: from the beginning, then whatever changed. */
export class DeskFeed {
  readonly messages = new Map<string, Message>();
  readonly orders = new Map<string, Order>();
  #byExternalId = new Map<string, Message>();
  #client: DeskClient;
  #channelId: string;
  #checkpoint: string | null = null;
  #pulling: Promise<void> | null = null;

  constructor(client: DeskClient, channelId: string) {
    this.#client = client;
    this.#channelId = channelId;
  }

  /** Reads up to the head of the change log. */
  async pull(): Promise<void> {
    for (let isUpToDate = false; !isUpToDate; ) {
      const query = new URLSearchParams({ limit: String(MAX_CHANGES_PER_PAGE) });
      if (this.#checkpoint !== null) query.set('checkpoint', this.#checkpoint);
      const page = await this.#client.request(changesPageSchema, 'GET', `/api/sync/changes?${query}`);
      for (const change of page.changes) this.#keep(change);
      this.#checkpoint = page.checkpoint;
      isUpToDate = page.upToDate;
    }
  }

  /** The mail with this Message-Id in the demo's own channel. */
  findMail(externalId: string): Message | undefined {
    return this.#byExternalId.get(externalId);
  }

  /** Waits until the server has made the thing looked for; many may wait at once on one pull. */
  async waitFor<T>(what: string, find: () => T | undefined): Promise<T> {
    const until = Date.now() + LONGEST_WAIT_MS;
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (Date.now() > until) throw new Error(`${what} did not appear on the desk in time`);
      this.#pulling ??= this.#pullSoon();
      await this.#pulling;
    }
  }

  async #pullSoon(): Promise<void> {
    try {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      await this.pull();
    } finally {
      this.#pulling = null;
    }
  }

  #keep({ collection, doc }: Change): void {
    if (!doc) return;
    if (collection === 'message') {
      const message = messageSchema.parse(doc);
      this.messages.set(message.id, message);
      if (message.externalId !== null && message.channelAccountId === this.#channelId)
        this.#byExternalId.set(message.externalId, message);
    } else if (collection === 'order') this.orders.set(doc.id, orderSchema.parse(doc));
  }
}
