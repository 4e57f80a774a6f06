import { type Change, changesPageSchema, MAX_CHANGES_PER_PAGE } from '@tradewind/shared/protocol/sync';
import { type Message, messageSchema } from '@tradewind/shared/schemas/message';
import { type Order, orderSchema } from '@tradewind/shared/schemas/order';
import type { DemoChannels } from './connect.ts';
import type { DeskClient } from './desk-client.ts';

const PAUSE_MS = 50;
const LONGEST_WAIT_MS = 30_000;

/** What the desk holds, read as a console reads it: from the beginning, then whatever changed. */
export class DeskFeed {
  readonly messages = new Map<string, Message>();
  readonly orders = new Map<string, Order>();
  #mails = new Map<string, Message>();
  #fromVisitors = new Map<string, Message>();
  #client: DeskClient;
  #channels: DemoChannels;
  #checkpoint: string | null = null;
  #pulling: Promise<void> | null = null;

  constructor(client: DeskClient, channels: DemoChannels) {
    this.#client = client;
    this.#channels = channels;
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

  /** The mail with this Message-Id in one of the demo's own channels. */
  findMail(externalId: string): Message | undefined {
    return this.#mails.get(externalId);
  }

  /** What a visitor wrote under this id of his widget. */
  findFromVisitor(clientId: string): Message | undefined {
    return this.#fromVisitors.get(clientId);
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

  #index(message: Message): void {
    const { externalId, channelAccountId } = message;
    const { support, wholesale, chat } = this.#channels;
    if (externalId === null) return;
    if (channelAccountId === support || channelAccountId === wholesale) this.#mails.set(externalId, message);
    // `{visitor}/{id of the widget}`
    else if (channelAccountId === chat) this.#fromVisitors.set(externalId.split('/')[1] ?? '', message);
  }

  #keep({ collection, doc }: Change): void {
    if (!doc) return;
    if (collection === 'message') {
      const message = messageSchema.parse(doc);
      this.messages.set(message.id, message);
      this.#index(message);
    } else if (collection === 'order') this.orders.set(doc.id, orderSchema.parse(doc));
  }
}
