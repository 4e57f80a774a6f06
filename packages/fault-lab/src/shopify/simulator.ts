import { type LabContext, LabError } from '../context.ts';
import { FaultPlan } from '../outgoing/faults.ts';
import { createUuid } from '../outgoing/random-ids.ts';
import type { Posting, SignedRequest } from '../outgoing/webhook-poster.ts';
import type { ChangeContext, Webhook } from './change.ts';
import { type EditDraft, editOrder, payOrder } from './change-order.ts';
import { createOrder, type OrderDraft } from './create-order.ts';
import { type ShopifyFulfillment, type ShopifyOrder, toShopifyTime } from './order.ts';
import { cancelOrder, type RefundDraft, refundOrder } from './refund-order.ts';
import { type ShipDraft, shipOrder, trackOrder } from './ship-order.ts';
import { buildWebhookRequest, type ShopifyAccount, type WebhookOptions } from './webhook.ts';

// Eight retries over four hours, each wait longer than the one before.
const RETRY_MINUTES = [1, 2, 4, 8, 16, 32, 64, 113];

export interface ShopifySettings {
  /** JSON with `\/` and `\uXXXX`. */
  escaped: boolean;
  flavour: 'classic' | 'events';
  /** Share of the real retry waits; 0 = one attempt only. */
  retryScale: number;
}

/** A change of an order and the webhooks it triggered. */
export interface Change {
  order: ShopifyOrder;
  postings: Posting[];
  /** Resolves when all of them have ended. */
  finished: Promise<void>;
}

export interface ChangeOptions {
  shop?: string | undefined;
  /** When it happened, epoch milliseconds; now when missing. Never before the order's last change. */
  at?: number | undefined;
  /** Changes the shop without telling anybody. */
  silent?: boolean | undefined;
}

/** Plays a Shopify shop: keeps its orders, changes them when asked, tells the product, and fails when asked. */
export class ShopifySimulator {
  readonly accounts = new Map<string, ShopifyAccount>();
  readonly faults = new FaultPlan();
  readonly settings: ShopifySettings = { escaped: false, flavour: 'classic', retryScale: 0 };
  #orders = new Map<string, Map<number, ShopifyOrder>>();
  #context: LabContext;
  #lastId: number;
  #lastNumber = 1000;

  constructor(context: LabContext) {
    this.#context = context;
    // Ids of one run never meet those of an earlier one, whose orders the product may still have.
    this.#lastId = context.clock();
  }

  /** Connects a shop, or changes the account with this id. */
  connect(
    account: Omit<ShopifyAccount, 'id' | 'apiVersion'> & { id?: string | undefined; apiVersion?: string | undefined },
  ): ShopifyAccount {
    const id = account.id ?? `shopify-${this.accounts.size + 1}`;
    const connected = { ...account, id, apiVersion: account.apiVersion ?? '2026-01' };
    this.accounts.set(id, connected);
    return connected;
  }

  /** @throws LabError when there is no such account, or none at all. */
  account(id?: string): ShopifyAccount {
    const account = id === undefined ? this.accounts.values().next().value : this.accounts.get(id);
    if (!account)
      throw new LabError(
        id === undefined
          ? 'no Shopify store is connected to the lab yet'
          : `there is no Shopify store "${id}" in the lab`,
      );
    return account;
  }

  /** The orders of a shop, oldest change first. */
  orders(shop: string = this.account().shop): ShopifyOrder[] {
    return [...this.#ordersOf(shop).values()].sort(
      (a, b) => Date.parse(a.updated_at) - Date.parse(b.updated_at) || a.id - b.id,
    );
  }

  /** @throws LabError when the shop has no such order. */
  order(id: number, shop: string = this.account().shop): ShopifyOrder {
    const order = this.#ordersOf(shop).get(id);
    if (!order) throw new LabError(`the shop ${shop} has no order ${id}`);
    return order;
  }

  /** Ids given from now on are above this one. */
  continueIdsAfter(id: number): void {
    this.#lastId = id;
  }

  /** The next order gets a number above this one. */
  continueNumbersAfter(number: number): void {
    this.#lastNumber = Math.max(this.#lastNumber, number);
  }

  create(draft: OrderDraft, options: ChangeOptions = {}): Change {
    const shop = options.shop ?? this.account().shop;
    const nowMs = options.at ?? this.#context.clock();
    const order = createOrder(draft, { nextId: this.#nextId, number: this.#lastNumber + 1, nowMs });
    this.continueNumbersAfter(order.order_number);
    this.#ordersOf(shop).set(order.id, order);
    const isPaid = order.financial_status === 'paid';
    return this.#announce(
      shop,
      order,
      [['orders/create', order], ...(isPaid ? [['orders/paid', order] satisfies Webhook] : [])],
      options,
    );
  }

  pay(id: number, options: ChangeOptions = {}): Change {
    return this.#change(id, options, (order, context) => payOrder(order, context));
  }

  edit(id: number, draft: EditDraft, options: ChangeOptions = {}): Change {
    return this.#change(id, options, (order, context) => editOrder(order, draft, context));
  }

  ship(id: number, draft: ShipDraft = {}, options: ChangeOptions = {}): Change {
    return this.#change(id, options, (order, context) => shipOrder(order, draft, context));
  }

  /** The carrier reports: on its way, out for delivery, delivered, or lost. */
  track(id: number, status: NonNullable<ShopifyFulfillment['shipment_status']>, options: ChangeOptions = {}): Change {
    return this.#change(id, options, (order) => trackOrder(order, status));
  }

  deliver(id: number, options: ChangeOptions = {}): Change {
    return this.track(id, 'delivered', options);
  }

  /** Without a draft: all of it. */
  refund(id: number, draft: RefundDraft = {}, options: ChangeOptions = {}): Change {
    return this.#change(id, options, (order, context) => refundOrder(order, draft, context));
  }

  cancel(id: number, reason = 'customer', options: ChangeOptions = {}): Change {
    return this.#change(id, options, (order, context) => cancelOrder(order, reason, context));
  }

  delete(id: number, options: ChangeOptions = {}): Change {
    const shop = options.shop ?? this.account().shop;
    const order = this.order(id, shop);
    this.#ordersOf(shop).delete(id);
    return this.#announce(shop, order, [['orders/delete', { id }]], options);
  }

  /** A signed webhook that is not sent: to be replayed, posted in parallel, or changed on the way. */
  buildWebhook(
    topic: string,
    body: object | string,
    options: WebhookOptions & { accountId?: string | undefined } = {},
  ): SignedRequest {
    const made = { random: this.#context.random, nowMs: this.#context.clock() };
    return buildWebhookRequest(this.account(options.accountId), topic, body, made, { ...this.settings, ...options });
  }

  /** Posts one webhook as it is, whatever the shop's orders say. */
  postWebhook(
    topic: string,
    body: object | string,
    options: WebhookOptions & { accountId?: string | undefined } = {},
  ): Posting {
    const account = this.account(options.accountId);
    return this.#context.poster.post(
      this.buildWebhook(topic, body, { ...options, accountId: account.id }),
      this.faults,
      {
        platform: 'shopify',
        topic,
        accountId: account.id,
        retryDelaysMs:
          this.settings.retryScale > 0 ? RETRY_MINUTES.map((wait) => wait * 60_000 * this.settings.retryScale) : [],
      },
    );
  }

  #nextId = (): number => ++this.#lastId;

  #ordersOf(shop: string): Map<number, ShopifyOrder> {
    const orders = this.#orders.get(shop) ?? new Map<number, ShopifyOrder>();
    this.#orders.set(shop, orders);
    return orders;
  }

  #change(
    id: number,
    options: ChangeOptions,
    apply: (order: ShopifyOrder, context: ChangeContext) => Webhook[],
  ): Change {
    const shop = options.shop ?? this.account().shop;
    const order = structuredClone(this.order(id, shop));
    // updated_at has whole seconds and must grow with every change, or the product could not tell which is newer.
    const nowMs = Math.max(options.at ?? this.#context.clock(), Date.parse(order.updated_at) + 1000);
    order.updated_at = toShopifyTime(nowMs);
    const webhooks = apply(order, { nowMs, nextId: this.#nextId });
    this.#ordersOf(shop).set(id, order);
    return this.#announce(shop, order, webhooks, options);
  }

  #announce(shop: string, order: ShopifyOrder, webhooks: Webhook[], options: ChangeOptions): Change {
    const accounts = options.silent ? [] : [...this.accounts.values()].filter((account) => account.shop === shop);
    const eventId = createUuid(this.#context.random);
    const postings = accounts.flatMap((account) =>
      webhooks.map(([topic, body]) =>
        this.postWebhook(topic, body, { accountId: account.id, eventId, triggeredAt: Date.parse(order.updated_at) }),
      ),
    );
    return {
      order,
      postings,
      finished: Promise.all(postings.map((posting) => posting.finished)).then(() => undefined),
    };
  }
}
