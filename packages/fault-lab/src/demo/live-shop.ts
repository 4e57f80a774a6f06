import { createRandom, pick } from '@tradewind/shared/testing/random';
import type { FaultLab } from '../lab.ts';
import type { SentMail } from '../mailgun/outbox.ts';
import { Timers } from '../outgoing/timers.ts';
import type { ShopifyOrder } from '../shopify/order.ts';
import type { Change } from '../shopify/simulator.ts';
import { toDetails, toFiles } from './details.ts';
import { nameCarrier, toTrackingUrl } from './goods.ts';
import { customers, type DemoCustomer, writers } from './people.ts';
import { draftOrder, type PlannedOrder } from './plan-orders.ts';
import { liveAnswers } from './texts/answers.ts';
import { englishScenarios } from './texts/en.ts';
import { fillIn } from './texts/scenario.ts';
import { chineseScenarios } from './texts/zh.ts';
import { writeMail } from './write-mail.ts';

export interface LiveShopOptions {
  lab: FaultLab;
  channelId: string;
  shop: string;
  orders: readonly PlannedOrder[];
  /** 1 = as people are; 10 = ten times as fast. */
  pace: number;
  seed: number;
  log: (message: string) => void;
}

const SHORTEST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 90_000;
/** With so many new mails that nobody has answered, customers wait with the next: a desk left alone is not buried. */
const MOST_UNANSWERED = 20;
const MOST_ANSWERS_UNDER_WAY = 3;

/** Keeps the shop alive at a human pace: people write mails, answer, order; parcels move; now and then a mail bounces. */
export class LiveShop {
  #options: LiveShopOptions;
  #random: () => number;
  #timers = new Timers();
  #unanswered = new Set<string>();
  #answersUnderWay = 0;

  constructor(options: LiveShopOptions) {
    this.#options = options;
    this.#random = createRandom(options.seed);
  }

  start(): void {
    this.#options.lab.mailgun.onSent = (mail) => void this.#guard(() => this.#readMail(mail));
    void this.#run();
  }

  close(): void {
    this.#options.lab.mailgun.onSent = null;
    this.#timers.close();
  }

  async #run(): Promise<void> {
    while (await this.#pause(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS)) await this.#guard(() => this.#letSomethingHappen());
  }

  /** What goes wrong in a sample must not end the product it is a sample for. */
  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#options.log(`the sample shop missed a turn: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #pause(shortestMs: number, longestMs: number): Promise<boolean> {
    return this.#timers.sleep((shortestMs + this.#random() * (longestMs - shortestMs)) / this.#options.pace);
  }

  async #letSomethingHappen(): Promise<void> {
    const { mailgun } = this.#options.lab;
    if (this.#random() < 0.03) mailgun.faults.add({ kind: 'bounce' });
    const draw = this.#random();
    if (draw < 0.45 && this.#unanswered.size < MOST_UNANSWERED) await this.#writeNewMail();
    else if (draw < 0.85) await this.#moveAnOrder();
    else await this.#placeOrder().finished;
  }

  async #writeNewMail(): Promise<void> {
    const customer = pick(
      this.#random,
      writers.filter(({ language }) => language === 'en' || language === 'zh'),
    );
    const scenario = pick(this.#random, customer.language === 'zh' ? chineseScenarios : englishScenarios);
    const details = toDetails(customer, scenario, this.#options.orders, this.#random, 0);
    const draft = writeMail({
      customer,
      subject: fillIn(scenario.subject, details),
      text: fillIn(pick(this.#random, scenario.openings), details),
      files: toFiles(scenario.files ?? [], details),
      asHtml: this.#random() < 0.4,
      quoted: null,
      random: this.#random,
    });
    const { mail, finished } = this.#options.lab.mailgun.postInbound(draft, { accountId: this.#options.channelId });
    this.#unanswered.add(mail.messageId);
    await finished;
  }

  /** A customer gets a mail of ours: opens it perhaps, and perhaps answers. */
  async #readMail(mail: SentMail): Promise<void> {
    for (const id of `${mail.headers.references ?? ''} ${mail.headers['in-reply-to'] ?? ''}`.split(/\s+/))
      this.#unanswered.delete(id);
    const { mailgun } = this.#options.lab;
    if (!(await this.#pause(8_000, 20_000))) return;
    if (mail.events.includes('failed')) return;
    if (this.#random() < 0.6) mailgun.postEvent(mail, 'opened');
    if (this.#random() > 0.65 || this.#answersUnderWay >= MOST_ANSWERS_UNDER_WAY) return;
    this.#answersUnderWay += 1;
    try {
      if (await this.#pause(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS)) await this.#answer(mail);
    } finally {
      this.#answersUnderWay -= 1;
    }
  }

  async #answer(mail: SentMail): Promise<void> {
    const customer = customers.find(({ email }) => email === mail.to[0]?.address.toLowerCase());
    if (!customer) return; // somebody else's mail: a person plays that customer on the lab's page
    const letter = writeMail({
      customer,
      subject: mail.subject,
      text: pick(this.#random, liveAnswers[customer.language === 'zh' ? 'zh' : 'en']),
      files: [],
      asHtml: this.#random() < 0.4,
      quoted: { text: mail.text, at: mail.receivedAt },
      random: this.#random,
    });
    const { mailgun } = this.#options.lab;
    await mailgun.postInbound({ ...mailgun.buildReply(mail, {}), ...letter }, { accountId: mail.accountId }).finished;
  }

  #placeOrder(): Change {
    const customer = pick(this.#random, customers);
    const draft = { ...draftOrder(customer, this.#random), paid: this.#random() < 0.8 };
    return this.#options.lab.shopify.create(draft, { shop: this.#options.shop });
  }

  async #moveAnOrder(): Promise<void> {
    const { lab, shop } = this.#options;
    const movable = lab.shopify
      .orders(shop)
      .filter((order) => order.cancelled_at === null && order.financial_status !== 'refunded');
    const change = movable.length > 0 ? this.#moveOrder(pick(this.#random, movable)) : this.#placeOrder();
    await change.finished;
  }

  #moveOrder(order: ShopifyOrder): Change {
    const { lab, shop } = this.#options;
    if (order.financial_status === 'pending') return lab.shopify.pay(order.id, { shop });
    if (order.fulfillment_status !== 'fulfilled' && order.line_items.some((line) => line.fulfillable_quantity > 0)) {
      const { carrier, trackingNumber } = nameCarrier(this.#findBuyer(order), Math.floor(this.#random() * 10_000));
      return lab.shopify.ship(
        order.id,
        { carrier, trackingNumber, trackingUrl: toTrackingUrl(trackingNumber) },
        { shop },
      );
    }
    const parcel = order.fulfillments.find(({ shipment_status }) => shipment_status !== 'delivered');
    if (parcel) {
      const next = { confirmed: 'in_transit', in_transit: 'out_for_delivery', out_for_delivery: 'delivered' } as const;
      const now = parcel.shipment_status ?? 'confirmed';
      return lab.shopify.track(order.id, now === 'failure' || now === 'delivered' ? 'delivered' : next[now], { shop });
    }
    const line = order.line_items.find(({ current_quantity }) => current_quantity > 0);
    if (line && this.#random() < 0.1)
      return lab.shopify.refund(order.id, { lines: [{ lineId: line.id, quantity: 1 }] }, { shop });
    return this.#placeOrder();
  }

  #findBuyer(order: ShopifyOrder): DemoCustomer {
    return customers.find(({ email }) => email === order.customer?.email) ?? pick(this.#random, customers);
  }
}
