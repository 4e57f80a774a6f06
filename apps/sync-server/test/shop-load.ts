import { createHmac, randomBytes } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultLab } from '@tradewind/fault-lab/lab';
import { signShopify } from '@tradewind/fault-lab/shopify/sign';
import { createUuidV7 } from '@tradewind/shared/ids';
import { pick } from '@tradewind/shared/testing/random';
import { expect, vi } from 'vitest';
import { openDatabase } from '../src/db/database.ts';

/**
 * A mailbox and a shop whose events come in without pause, and an agent who answers, at servers that may die at any moment:
 * everybody asks again until he has his answer, as platforms and consoles do. At the end nothing may be lost or doubled.
 */
export class ShopLoad {
  readonly #lab: FaultLab;
  readonly #random: () => number;
  /** Where the servers are that run now; each request takes any of them. */
  readonly #addresses: () => readonly string[];
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 100 });
  #token = '';
  #channelId = '';
  #storeId = '';
  readonly #conversations: string[] = [];
  readonly #replies: string[] = [];
  readonly #mails: string[] = [];
  readonly #orders: number[] = [];
  readonly #work: Promise<unknown>[] = [];
  #isOn = false;
  #going: Promise<unknown> = Promise.resolve();

  constructor(lab: FaultLab, random: () => number, addresses: () => readonly string[]) {
    this.#lab = lab;
    this.#random = random;
    this.#addresses = addresses;
  }

  get token(): string {
    return this.#token;
  }

  /** Makes the accounts, and twenty conversations in which is answered. */
  async prepare(): Promise<void> {
    this.#lab.mailgun.settings.autoDeliver = false;
    const login = { email: 'admin@shop.example', password: 'a long enough password' };
    this.#token = (await this.api('POST', '/api/auth/login', login)).token;
    const channel = await this.api('POST', '/api/channels', {
      kind: 'mailgun',
      name: 'Support',
      teamIds: [],
      config: {
        signingKey: 'key',
        apiKey: 'api',
        domain: 'shop.example',
        fromAddress: 'support@shop.example',
        apiBaseUrl: `${this.#lab.url}/mailgun`,
      },
    });
    const store = await this.api('POST', '/api/stores', {
      kind: 'shopify',
      name: 'Shop',
      teamIds: [],
      config: { clientSecret: 'secret', shop: 'x.myshopify.com' },
    });
    this.#channelId = channel.id;
    this.#storeId = store.id;
    this.#lab.mailgun.connect({
      domain: 'shop.example',
      apiKey: 'api',
      signingKey: 'key',
      webhookUrl: channel.webhookUrl,
      address: 'support@shop.example',
    });
    for (let index = 0; index < 20; index++) {
      const id = createUuidV7();
      const to = `reply${index}@example.com`;
      await this.api('POST', '/api/commands', {
        commands: [{ id, type: 'start-conversation', channelAccountId: channel.id, to, text: 'hello' }],
      });
      this.#conversations.push(id);
    }
  }

  start(eventsPerSecond: number): void {
    this.#isOn = true;
    this.#going = Promise.all([this.#sendEvents(eventsPerSecond), this.#answer()]);
  }

  /** Resolves when everything that was sent has been taken. */
  async stop(): Promise<void> {
    this.#isOn = false;
    await this.#going;
    await Promise.all(this.#work);
    this.#agent.destroy();
  }

  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
  async api(method: string, path: string, body?: unknown): Promise<any> {
    const response = await fetch(`${pick(this.#random, this.#addresses())}${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(this.#token ? { authorization: `Bearer ${this.#token}` } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
    return response.json();
  }

  async #sendEvents(perSecond: number): Promise<void> {
    const startedAt = performance.now();
    for (let sent = 0; this.#isOn; ) {
      const due = ((performance.now() - startedAt) / 1000) * perSecond;
      for (; sent < due; sent++) {
        if (sent % 2 === 0) {
          const id = `<load-${sent}@example.com>`;
          this.#mails.push(id);
          this.#work.push(this.#postUntilTaken(...this.#buildMail(id)));
        } else {
          const id = 9_000_000_000 + sent;
          this.#orders.push(id);
          this.#work.push(this.#postUntilTaken(...this.#buildOrder(id)));
        }
      }
      await sleep(10);
    }
  }

  async #answer(): Promise<void> {
    while (this.#isOn) {
      const id = createUuidV7();
      this.#replies.push(id);
      this.#work.push(this.#replyUntilAnswered(id, pick(this.#random, this.#conversations)));
      await sleep(50);
    }
  }

  /** Posts again, as platforms do, until it is answered 2xx. */
  async #postUntilTaken(path: string, headers: Record<string, string>, body: Buffer): Promise<void> {
    for (;;) {
      const status = await this.#attempt(path, headers, body);
      if (status >= 200 && status < 300) return;
      if (status !== 0 && status < 500) throw new Error(`a genuine event was refused: ${status}`);
      await sleep(100 + this.#random() * 200);
    }
  }

  /** One attempt, as a platform makes it. */
  #attempt(path: string, headers: Record<string, string>, body: Buffer): Promise<number> {
    return new Promise((resolve) => {
      const request = httpRequest(
        new URL(path, pick(this.#random, this.#addresses())),
        { method: 'POST', agent: this.#agent, headers: { ...headers, 'content-length': body.length } },
        (response) => {
          response.resume();
          response.on('end', () => resolve(response.statusCode ?? 0));
          response.on('error', () => resolve(0));
        },
      );
      request.on('error', () => resolve(0));
      request.end(body);
    });
  }

  async #replyUntilAnswered(id: string, conversationId: string): Promise<void> {
    for (;;) {
      try {
        const { results } = await this.api('POST', '/api/commands', {
          commands: [{ id, type: 'reply', conversationId, text: 'on its way', seenMessageId: null }],
        });
        expect(results[0]).toMatchObject({ status: 'applied', messageId: id });
        return;
      } catch (error) {
        if (!(error instanceof Error) || !/fetch failed|: 5\d\d$/.test(error.message)) throw error;
        await sleep(150);
      }
    }
  }

  #buildMail(messageId: string): [string, Record<string, string>, Buffer] {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const key = randomBytes(25).toString('hex');
    const sender = `c${Math.floor(this.#random() * 200)}@example.com`;
    const form = new URLSearchParams({
      from: sender,
      sender,
      recipient: 'support@shop.example',
      subject: 'hello',
      'body-plain': 'hello',
      'message-headers': JSON.stringify([['Message-Id', messageId]]),
      timestamp,
      token: key,
      signature: createHmac('sha256', 'key')
        .update(timestamp + key)
        .digest('hex'),
    });
    return [
      `/webhooks/mailgun/${this.#channelId}`,
      { 'content-type': 'application/x-www-form-urlencoded' },
      Buffer.from(form.toString()),
    ];
  }

  #buildOrder(id: number): [string, Record<string, string>, Buffer] {
    const body = Buffer.from(
      JSON.stringify({
        id,
        name: `#${id}`,
        currency: 'JPY',
        total_price: '100',
        created_at: '2026-01-01T00:00:00Z',
        updated_at: '2026-01-01T00:00:00Z',
        customer: null,
        line_items: [],
        email: `c${id % 200}@example.com`,
      }),
    );
    return [
      `/webhooks/shopify/${this.#storeId}`,
      {
        'content-type': 'application/json',
        'x-shopify-topic': 'orders/create',
        'x-shopify-shop-domain': 'x.myshopify.com',
        'x-shopify-event-id': `e${id}`,
        'x-shopify-hmac-sha256': signShopify('secret', body),
      },
      body,
    ];
  }

  /** Waits until all is done; then every event is there once, and every answer has left once or has an unknown outcome. */
  async check(databaseUrl: string): Promise<void> {
    const { db, close } = openDatabase(databaseUrl, { maxConnections: 2 });
    await vi.waitFor(
      async () => {
        const waiting = await db
          .selectFrom('inbound_states')
          .select('event_id')
          .where('state', 'in', ['pending', 'dead'])
          .execute();
        expect(waiting).toEqual([]);
        const underWay = await db
          .selectFrom('effects')
          .select('key')
          .where('state', 'in', ['queued', 'attempting'])
          .execute();
        expect(underWay).toEqual([]);
      },
      { timeout: 120_000, interval: 250 },
    );
    const messages = await db.selectFrom('messages').select(['external_id', 'id', 'direction', 'doc']).execute();
    const inbound = messages.filter((row) => row.direction === 'in').map((row) => row.external_id);
    expect(inbound.toSorted()).toEqual(this.#mails.toSorted());
    const stored = await db.selectFrom('orders').select('external_id').execute();
    expect(stored.map((row) => row.external_id).toSorted()).toEqual(this.#orders.map(String).toSorted());
    const logged = await db
      .selectFrom('change_log')
      .select('id')
      .where('collection', 'in', ['message', 'order'])
      .execute();
    expect(logged).toHaveLength(messages.length + stored.length);

    const sentById = new Map<string, number>();
    for (const mail of this.#lab.mailgun.sent) sentById.set(mail.messageId, (sentById.get(mail.messageId) ?? 0) + 1);
    const outgoing = messages.filter((row) => row.direction === 'out');
    const given = [...this.#conversations, ...this.#replies];
    expect(outgoing.map((row) => row.id).toSorted()).toEqual(given.toSorted());
    for (const { doc, external_id } of outgoing) {
      const times = sentById.get(external_id ?? '') ?? 0;
      if (doc.status === 'unknown') expect(times).toBeLessThanOrEqual(1);
      else expect([doc.status, times]).toEqual(['sent', 1]);
    }
    await close();
  }
}
