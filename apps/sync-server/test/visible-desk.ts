import type { Conversation } from '@tradewind/shared/schemas/conversation';
import { pick } from '@tradewind/shared/testing/random';
import { rescopeAccount } from '../src/accounts/rescope.ts';
import type { AuthAgent } from '../src/auth/scopes.ts';
import type { Db, Tx } from '../src/db/database.ts';
import { writeConversations, writeCustomers, writeMessages, writeOrders } from '../src/db/documents.ts';
import { runWrites } from '../src/db/writes.ts';
import { appendChanges, type ChangeEntry, headOf } from '../src/replication/change-log.ts';
import { insertAccount } from './accounts.ts';
import { buildConversation, buildCustomer, buildMessage, buildOrder } from './documents.ts';

const NOW = 1_800_000_000_000;
const TEAMS = ['vip', 'returns', 'night'];

/** A desk of its own in a database, of which the test itself knows who may see what: worked out from the protocol's words alone. */
export class VisibleDesk {
  readonly agents: AuthAgent[];
  readonly conversations = new Map<string, Conversation>();
  readonly #db: Db;
  readonly #random: () => number;
  readonly #prefix: string;
  readonly #customers: string[];
  readonly #accounts = new Map<string, { family: 'channel' | 'store'; teamIds: string[] }>();
  /** Message to conversation. */
  readonly #messages = new Map<string, string>();
  readonly #orders = new Map<string, { storeId: string; customerId: string }>();
  #count = 0;

  /** @param prefix - of every id in it. */
  constructor(db: Db, random: () => number, prefix: string) {
    this.#db = db;
    this.#random = random;
    this.#prefix = prefix;
    const agent = (name: string, teamIds: string[], role: 'agent' | 'admin' = 'agent'): AuthAgent => {
      const id = `${prefix}${name}`;
      return { id, email: `${id}@x.example`, name, role, teamIds, accessVersion: 1 };
    };
    this.agents = [agent('mei', ['vip']), agent('sam', ['returns']), agent('out', []), agent('boss', [], 'admin')];
    this.#customers = ['li', 'bo', 'cy'].map((name) => prefix + name);
    this.#accounts.set(`${prefix}open`, { family: 'channel', teamIds: [] });
    this.#accounts.set(`${prefix}vip`, { family: 'channel', teamIds: ['vip'] });
    this.#accounts.set(`${prefix}returns`, { family: 'channel', teamIds: ['returns', 'vip'] });
    this.#accounts.set(`${prefix}store`, { family: 'store', teamIds: ['returns'] });
  }

  async fill(): Promise<void> {
    for (const [id, { family, teamIds }] of this.#accounts) {
      await insertAccount(this.#db, { id, family, kind: 'json', teamIds });
    }
    for (const { id, email, name, role, teamIds } of this.agents) {
      const values = { id, email, name, role, team_ids: teamIds, password_hash: '', created_at: NOW };
      await this.#db.insertInto('agents').values(values).execute();
    }
    await this.#change(async (tx) => {
      await runWrites(tx, [
        writeCustomers(
          this.#customers.map((id) => buildCustomer({ id })),
          NOW,
        ),
      ]);
      return [];
    });
    await this.begin();
    await this.order();
  }

  #seesAccount(agent: AuthAgent, id: string): boolean {
    const teamIds = this.#accounts.get(id)?.teamIds ?? [];
    return teamIds.length === 0 || teamIds.some((team) => agent.teamIds.includes(team));
  }

  #seesConversation(agent: AuthAgent, { channelAccountId, assigneeId, mentionedIds }: Conversation): boolean {
    if (agent.role === 'admin') return true;
    return (
      this.#seesAccount(agent, channelAccountId) || assigneeId === agent.id || (mentionedIds ?? []).includes(agent.id)
    );
  }

  /** Everything the agent may see, as `collection:id`, sorted. */
  visibleTo(agent: AuthAgent): string[] {
    const seen = [...this.conversations.values()].filter((one) => this.#seesConversation(agent, one));
    const conversationIds = new Set(seen.map((one) => one.id));
    const customerIds = new Set(seen.map((one) => one.customerId));
    const orders = [...this.#orders].filter(
      ([, order]) =>
        agent.role === 'admin' || this.#seesAccount(agent, order.storeId) || customerIds.has(order.customerId),
    );
    for (const [, order] of orders) customerIds.add(order.customerId);
    return [
      ...[...conversationIds].map((id) => `conversation:${id}`),
      ...[...this.#messages].filter(([, id]) => conversationIds.has(id)).map(([id]) => `message:${id}`),
      ...orders.map(([id]) => `order:${id}`),
      ...[...customerIds].map((id) => `customer:${id}`),
    ].sort();
  }

  // What may happen. Each returns the position its commit reached; 0 where it wrote no document.

  /** A customer writes for the first time. */
  begin(channelAccountId = pick(this.#random, this.#idsOf('channel'))): Promise<number> {
    return this.#change(async (tx) => {
      const customerId = pick(this.#random, this.#customers);
      const doc = buildConversation({ id: this.#newId('v'), channelAccountId, customerId });
      const message = buildMessage({ id: this.#newId('m'), conversationId: doc.id, channelAccountId });
      await runWrites(tx, [writeConversations([doc], NOW), writeMessages([message])]);
      this.conversations.set(doc.id, doc);
      this.#messages.set(message.id, doc.id);
      return [
        { collection: 'customer', id: customerId },
        { collection: 'conversation', id: doc.id },
        { collection: 'message', id: message.id },
      ];
    });
  }

  message(): Promise<number> {
    return this.#change(async (tx) => {
      const { id: conversationId, channelAccountId } = this.#anyConversation();
      const id = this.#newId('m');
      await runWrites(tx, [writeMessages([buildMessage({ id, conversationId, channelAccountId })])]);
      this.#messages.set(id, conversationId);
      return [{ collection: 'message', id }];
    });
  }

  assign(): Promise<number> {
    const assigneeId = pick(this.#random, [null, ...this.agents.map((agent) => agent.id)]);
    return this.write({ ...this.#anyConversation(), assigneeId });
  }

  mention(): Promise<number> {
    const doc = this.#anyConversation();
    return this.write({
      ...doc,
      mentionedIds: [...new Set([...(doc.mentionedIds ?? []), pick(this.#random, this.agents).id])],
    });
  }

  /** A visitor turns out to be somebody else. */
  join(): Promise<number> {
    const doc = this.#anyConversation();
    // Of whom nothing is left, nothing says who may see him.
    if (![...this.conversations.values()].some((one) => one !== doc && one.customerId === doc.customerId))
      return this.message();
    return this.write({ ...doc, customerId: pick(this.#random, this.#customers) }, [doc.customerId]);
  }

  order(): Promise<number> {
    return this.#change(async (tx) => {
      const known = this.#random() < 0.5 ? [...this.#orders.keys()].at(-1) : undefined;
      const id = known ?? this.#newId('o');
      const [storeId = ''] = this.#idsOf('store');
      const customerId = this.#orders.get(id)?.customerId ?? pick(this.#random, this.#customers);
      await runWrites(tx, [writeOrders([buildOrder({ id, storeId, customerId })])]);
      this.#orders.set(id, { storeId, customerId });
      return [{ collection: 'order', id }];
    });
  }

  /** @param left - customers whose it was. */
  write(next: Conversation, left: readonly string[] = []): Promise<number> {
    return this.#change(async (tx) => {
      await runWrites(tx, [writeConversations([next], NOW)]);
      this.conversations.set(next.id, next);
      const touched = left.length > 0 ? [...left, next.customerId] : [];
      return [
        ...touched.map((id) => ({ collection: 'customer' as const, id })),
        { collection: 'conversation', id: next.id },
      ];
    });
  }

  /** An agent's teams or role change. */
  async moveAgent(agent = pick(this.#random, this.agents)): Promise<AuthAgent> {
    if (this.#random() < 0.1) agent.role = agent.role === 'admin' ? 'agent' : 'admin';
    agent.teamIds = TEAMS.filter(() => this.#random() < 0.4);
    agent.accessVersion += 1;
    await this.#db
      .updateTable('agents')
      .set({ role: agent.role, team_ids: agent.teamIds, access_version: agent.accessVersion })
      .where('id', '=', agent.id)
      .execute();
    return agent;
  }

  /** @returns the agents whose access may have changed with the account's teams. */
  async moveAccount(
    id = pick(this.#random, [...this.#accounts.keys()]),
    after = TEAMS.filter(() => this.#random() < 0.4),
  ): Promise<AuthAgent[]> {
    const account = this.#accounts.get(id);
    if (!account) throw new Error(`${id} is no account of this desk`);
    const touched = await this.#db.transaction().execute(async (tx) => {
      await tx.updateTable('accounts').set({ team_ids: after }).where('id', '=', id).execute();
      return rescopeAccount(tx, id, account.teamIds, after);
    });
    account.teamIds = after;
    const agents = this.agents.filter((agent) => touched.includes(agent.id));
    for (const agent of agents) agent.accessVersion += 1;
    return agents;
  }

  #idsOf(family: 'channel' | 'store'): string[] {
    return [...this.#accounts].filter(([, account]) => account.family === family).map(([id]) => id);
  }

  #anyConversation(): Conversation {
    return pick(this.#random, [...this.conversations.values()]);
  }

  #newId(kind: string): string {
    return `${this.#prefix}${kind}${++this.#count}`;
  }

  #change(work: (tx: Tx) => Promise<readonly Omit<ChangeEntry, 'scopes'>[]>): Promise<number> {
    return this.#db.transaction().execute(async (tx) => {
      const entries = (await work(tx)).map((entry) => ({ ...entry, scopes: null }));
      return headOf(await appendChanges(tx, entries, NOW));
    });
  }
}
