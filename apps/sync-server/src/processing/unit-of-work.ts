import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Customer } from '@tradewind/shared/schemas/customer';
import type { Message } from '@tradewind/shared/schemas/message';
import type { Fulfilment, Order, Refund } from '@tradewind/shared/schemas/order';
import { sql } from 'kysely';
import type { Tx } from '../db/database.ts';
import { saveConversations, saveMessages, saveReferences, settleEffects } from '../db/documents.ts';
import { toJsonText } from '../db/json-text.ts';
import { toAccountScopes } from '../domain/scopes.ts';
import type { ChangeEntry } from '../replication/change-log.ts';

export interface IdentityKey {
  kind: 'email' | 'phone' | 'external';
  scope: string;
  value: string;
}

export type OrderPart =
  | { kind: 'refund'; updatedAt: number; doc: Refund }
  | { kind: 'fulfilment'; updatedAt: number; doc: Fulfilment }
  | { kind: 'deletion'; updatedAt: number; doc: { externalId: string } };

export interface NewAttachment {
  id: string;
  sha256: string | null;
  name: string;
  contentType: string;
  sizeBytes: number;
  conversationId: string;
  messageId: string;
  sourceUrl: string | null;
}

/** What a batch will need, gathered from its parsed events before anything is read. */
export interface Wanted {
  keys: Set<string>;
  identities: Map<string, IdentityKey>;
  /** Ids of messages that may exist, and of threads they may belong to. */
  messageIds: Set<string>;
  threadIds: Set<string>;
  orders: Set<string>;
}

export function createWanted(): Wanted {
  return { keys: new Set(), identities: new Map(), messageIds: new Set(), threadIds: new Set(), orders: new Set() };
}

export function identityId(key: IdentityKey): string {
  return `${key.kind}\n${key.scope}\n${key.value}`;
}

/**
 * The documents one processing transaction reads and writes, in memory between one round of reads and one round of
 * writes: fifty events cost about as many statements as one.
 *
 * Rows are locked in a fixed order (customers, conversations, messages, orders; by id within each), the order commands
 * use too, so that batches and commands wait for each other instead of deadlocking.
 */
export class UnitOfWork {
  readonly tx: Tx;
  readonly account: { id: string; family: 'channel' | 'store'; kind: string };
  /** Scopes of everything that belongs to the account (protocol: Visibility). */
  readonly scopes: readonly string[];
  readonly processedKeys = new Set<string>();
  readonly conversationsByReference = new Map<string, Conversation[]>();

  readonly #customers = new Map<string, { doc: Customer; scopes: Set<string> }>();
  readonly #identities = new Map<string, string>();
  readonly #conversations = new Map<string, Conversation>();
  readonly #messages = new Map<string, Message>();
  readonly #orders = new Map<string, Order>();
  readonly #parts = new Map<string, OrderPart[]>();

  readonly #newKeys = new Map<string, number>();
  readonly #newIdentities = new Map<string, { key: IdentityKey; customerId: string }>();
  readonly #newReferences = new Map<string, { externalId: string; conversationId: string }>();
  readonly #newAttachments: NewAttachment[] = [];
  readonly #newParts = new Map<string, { orderExternalId: string; part: OrderPart }>();
  readonly #changed = {
    customers: new Set<string>(),
    conversations: new Set<string>(),
    messages: new Set<string>(),
    orders: new Set<string>(),
  };

  constructor(tx: Tx, account: { id: string; family: 'channel' | 'store'; kind: string; teamIds: readonly string[] }) {
    this.tx = tx;
    this.account = account;
    this.scopes = toAccountScopes(account.teamIds);
  }

  async load(wanted: Wanted): Promise<void> {
    await this.#loadKeys(wanted.keys);
    await this.#loadCustomers([...wanted.identities.values()]);
    await this.#loadThreads(wanted.threadIds);
    await this.#loadMessages(wanted.messageIds);
    await this.#loadOrders(wanted.orders);
  }

  async #loadKeys(keys: ReadonlySet<string>): Promise<void> {
    if (keys.size === 0) return;
    const rows = await this.tx
      .selectFrom('processed_keys')
      .select('key')
      .where('account_id', '=', this.account.id)
      .where('key', 'in', [...keys])
      .execute();
    for (const row of rows) this.processedKeys.add(row.key);
  }

  async #loadCustomers(keys: readonly IdentityKey[]): Promise<void> {
    if (keys.length === 0) return;
    const owners = await sql<{ kind: IdentityKey['kind']; scope: string; value: string; customer_id: string }>`
      select i.kind, i.scope, i.value, i.customer_id
      from unnest(${keys.map((key) => key.kind)}::text[], ${keys.map((key) => key.scope)}::text[],
                  ${keys.map((key) => key.value)}::text[]) as given (kind, scope, value)
      join identities i using (kind, scope, value)`.execute(this.tx);
    for (const row of owners.rows) this.#identities.set(identityId(row), row.customer_id);
    const ids = [...new Set(owners.rows.map((row) => row.customer_id))];
    if (ids.length === 0) return;
    const rows = await sql<{ doc: Customer; scopes: string[] | null }>`
      select c.doc, l.scopes from customers c
      left join change_log l on l.collection = 'customer' and l.id = c.id and l.scope_left = ''
      where c.id = any(${ids}) order by c.id for update of c`.execute(this.tx);
    for (const row of rows.rows) this.#customers.set(row.doc.id, { doc: row.doc, scopes: new Set(row.scopes ?? []) });
  }

  async #loadThreads(ids: ReadonlySet<string>): Promise<void> {
    if (ids.size === 0) return;
    const refs = await this.tx
      .selectFrom('thread_refs')
      .select(['external_id', 'conversation_id'])
      .where('channel_account_id', '=', this.account.id)
      .where('external_id', 'in', [...ids])
      .execute();
    if (refs.length === 0) return;
    const rows = await this.tx
      .selectFrom('conversations')
      .select('doc')
      .where('id', 'in', [...new Set(refs.map((ref) => ref.conversation_id))])
      .orderBy('id')
      .forUpdate()
      .execute();
    for (const row of rows) this.#conversations.set(row.doc.id, row.doc);
    for (const ref of refs) this.#noteReference(ref.external_id, ref.conversation_id);
  }

  async #loadMessages(ids: ReadonlySet<string>): Promise<void> {
    if (ids.size === 0) return;
    const rows = await this.tx
      .selectFrom('messages')
      .select('doc')
      .where('channel_account_id', '=', this.account.id)
      .where('external_id', 'in', [...ids])
      .orderBy('id')
      .forUpdate()
      .execute();
    for (const row of rows) if (row.doc.externalId !== null) this.#messages.set(row.doc.externalId, row.doc);
  }

  async #loadOrders(ids: ReadonlySet<string>): Promise<void> {
    if (ids.size === 0) return;
    const list = [...ids];
    const orders = await this.tx
      .selectFrom('orders')
      .select('doc')
      .where('store_id', '=', this.account.id)
      .where('external_id', 'in', list)
      .orderBy('id')
      .forUpdate()
      .execute();
    for (const row of orders) this.#orders.set(row.doc.externalId, row.doc);
    const parts = await this.tx
      .selectFrom('order_parts')
      .select(['order_external_id', 'kind', 'updated_at', 'doc'])
      .where('store_id', '=', this.account.id)
      .where('order_external_id', 'in', list)
      .execute();
    for (const row of parts) {
      this.#keepPart(row.order_external_id, { kind: row.kind, updatedAt: row.updated_at, doc: row.doc } as OrderPart);
    }
  }

  #noteReference(externalId: string, conversationId: string): void {
    const conversation = this.#conversations.get(conversationId);
    if (!conversation) return;
    const known = this.conversationsByReference.get(externalId) ?? [];
    this.conversationsByReference.set(externalId, [...known.filter((one) => one.id !== conversationId), conversation]);
  }

  #keepPart(orderExternalId: string, part: OrderPart): void {
    const others = (this.#parts.get(orderExternalId) ?? []).filter(
      (one) => one.kind !== part.kind || one.doc.externalId !== part.doc.externalId,
    );
    this.#parts.set(orderExternalId, [...others, part]);
  }

  findCustomerId(key: IdentityKey): string | null {
    return this.#identities.get(identityId(key)) ?? null;
  }

  customer(id: string): Customer | null {
    return this.#customers.get(id)?.doc ?? null;
  }

  /** Writes the customer down and makes it visible to whoever sees this account. */
  putCustomer(doc: Customer): void {
    const known = this.#customers.get(doc.id);
    const scopes = known?.scopes ?? new Set<string>();
    for (const scope of this.scopes) scopes.add(scope);
    this.#customers.set(doc.id, { doc, scopes });
    this.#changed.customers.add(doc.id);
  }

  /** True when the customer's readers do not include all of this account's yet. */
  isHiddenFromAccount(customerId: string): boolean {
    const scopes = this.#customers.get(customerId)?.scopes;
    return scopes === undefined || this.scopes.some((scope) => !scopes.has(scope));
  }

  putIdentity(key: IdentityKey, customerId: string): void {
    this.#identities.set(identityId(key), customerId);
    this.#newIdentities.set(identityId(key), { key, customerId });
  }

  putConversation(doc: Conversation): void {
    this.#conversations.set(doc.id, doc);
    this.#changed.conversations.add(doc.id);
    for (const [externalId, known] of this.conversationsByReference) {
      if (known.some((one) => one.id === doc.id)) this.#noteReference(externalId, doc.id);
    }
  }

  conversation(id: string): Conversation | null {
    return this.#conversations.get(id) ?? null;
  }

  putReferences(externalIds: readonly string[], conversationId: string): void {
    for (const externalId of externalIds) {
      this.#newReferences.set(`${externalId}\n${conversationId}`, { externalId, conversationId });
      this.#noteReference(externalId, conversationId);
    }
  }

  messageByExternalId(externalId: string): Message | null {
    return this.#messages.get(externalId) ?? null;
  }

  putMessage(doc: Message & { externalId: string }): void {
    this.#messages.set(doc.externalId, doc);
    this.#changed.messages.add(doc.externalId);
  }

  putAttachment(attachment: NewAttachment): void {
    this.#newAttachments.push(attachment);
  }

  order(externalId: string): Order | null {
    return this.#orders.get(externalId) ?? null;
  }

  putOrder(doc: Order): void {
    this.#orders.set(doc.externalId, doc);
    this.#changed.orders.add(doc.externalId);
  }

  orderParts(orderExternalId: string): readonly OrderPart[] {
    return this.#parts.get(orderExternalId) ?? [];
  }

  putOrderPart(orderExternalId: string, part: OrderPart): void {
    this.#keepPart(orderExternalId, part);
    this.#newParts.set(`${orderExternalId}\n${part.kind}\n${part.doc.externalId}`, { orderExternalId, part });
  }

  putKey(key: string, eventId: number): void {
    this.processedKeys.add(key);
    this.#newKeys.set(key, eventId);
  }

  /** Writes everything and returns what the change log must name. */
  async save(nowMs: number): Promise<ChangeEntry[]> {
    const customers = [...this.#changed.customers].flatMap((id) => this.#customers.get(id) ?? []);
    const conversations = [...this.#changed.conversations].flatMap((id) => this.#conversations.get(id) ?? []);
    const messages = [...this.#changed.messages].flatMap((id) => this.#messages.get(id) ?? []);
    const orders = [...this.#changed.orders].flatMap((id) => this.#orders.get(id) ?? []);
    await this.#saveCustomers(
      customers.map((one) => one.doc),
      nowMs,
    );
    await saveConversations(this.tx, conversations, nowMs);
    await saveMessages(this.tx, messages);
    await settleEffects(this.tx, messages, nowMs);
    await this.#saveReferences();
    await this.#saveAttachments(nowMs);
    await this.#saveOrders(orders);
    await this.#saveKeys();
    return [
      ...customers.map((one): ChangeEntry => ({ collection: 'customer', id: one.doc.id, scopes: [...one.scopes] })),
      ...conversations.map((doc): ChangeEntry => ({ collection: 'conversation', id: doc.id, scopes: this.scopes })),
      ...messages.map((doc): ChangeEntry => ({ collection: 'message', id: doc.id, scopes: this.scopes })),
      ...orders.map(
        (doc): ChangeEntry => ({ collection: 'order', id: doc.id, scopes: this.scopes, deleted: doc.deleted }),
      ),
    ];
  }

  async #saveCustomers(docs: readonly Customer[], nowMs: number): Promise<void> {
    if (docs.length > 0) {
      await sql`
        insert into customers (id, updated_at, doc)
        select id, ${nowMs}, doc from unnest(${docs.map((doc) => doc.id)}::text[], ${docs.map(toJsonText)}::jsonb[]) as given (id, doc)
        on conflict (id) do update set updated_at = excluded.updated_at, doc = excluded.doc`.execute(this.tx);
    }
    const identities = [...this.#newIdentities.values()];
    if (identities.length === 0) return;
    // No "on conflict": another batch that found the same new person first makes this one start over and see them.
    await sql`
      insert into identities (kind, scope, value, customer_id)
      select * from unnest(${identities.map((one) => one.key.kind)}::text[], ${identities.map((one) => one.key.scope)}::text[],
        ${identities.map((one) => one.key.value)}::text[], ${identities.map((one) => one.customerId)}::text[])`.execute(
      this.tx,
    );
  }

  async #saveReferences(): Promise<void> {
    const references = [...this.#newReferences.values()];
    if (references.length === 0) return;
    await saveReferences(this.tx, this.account.id, references);
  }

  async #saveAttachments(nowMs: number): Promise<void> {
    const attachments = this.#newAttachments;
    if (attachments.length === 0) return;
    const files = attachments.flatMap((one) =>
      one.sha256 === null ? [] : [{ sha256: one.sha256, size_bytes: one.sizeBytes, created_at: nowMs }],
    );
    if (files.length > 0) {
      await this.tx
        .insertInto('files')
        .values(files)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    await this.tx
      .insertInto('attachments')
      .values(
        attachments.map((one) => ({
          id: one.id,
          sha256: one.sha256,
          name: one.name,
          content_type: one.contentType,
          size_bytes: one.sizeBytes,
          conversation_id: one.conversationId,
          uploaded_by: null,
          source_url: one.sourceUrl,
          created_at: nowMs,
        })),
      )
      .execute();
    const remote = attachments.filter((one) => one.sourceUrl !== null);
    if (remote.length === 0) return;
    await this.tx
      .insertInto('effects')
      .values(
        remote.map((one) => ({
          key: `fetch:${one.id}`,
          kind: 'fetch-attachment' as const,
          account_id: this.account.id,
          message_id: one.messageId,
          conversation_id: one.conversationId,
          state: 'queued' as const,
          next_at: nowMs,
          node: null,
          lease_until: null,
          external_id: one.id,
          answer: null,
          created_at: nowMs,
          updated_at: nowMs,
        })),
      )
      .execute();
  }

  async #saveOrders(docs: readonly Order[]): Promise<void> {
    if (docs.length > 0) {
      await sql`
        insert into orders (id, store_id, external_id, number, customer_id, external_updated_at, deleted, placed_at, doc)
        select * from unnest(${docs.map((doc) => doc.id)}::text[], ${docs.map((doc) => doc.storeId)}::text[],
          ${docs.map((doc) => doc.externalId)}::text[], ${docs.map((doc) => doc.number)}::text[],
          ${docs.map((doc) => doc.customerId)}::text[], ${docs.map((doc) => doc.externalUpdatedAt)}::bigint[],
          ${docs.map((doc) => doc.deleted)}::boolean[], ${docs.map((doc) => doc.placedAt)}::bigint[], ${docs.map(toJsonText)}::jsonb[])
        on conflict (id) do update set number = excluded.number, customer_id = excluded.customer_id,
          external_updated_at = excluded.external_updated_at, deleted = excluded.deleted, placed_at = excluded.placed_at,
          doc = excluded.doc`.execute(this.tx);
    }
    const parts = [...this.#newParts.values()];
    if (parts.length === 0) return;
    await sql`
      insert into order_parts (store_id, order_external_id, kind, external_id, updated_at, doc)
      select ${this.account.id}, * from unnest(${parts.map((one) => one.orderExternalId)}::text[],
        ${parts.map((one) => one.part.kind)}::text[], ${parts.map((one) => one.part.doc.externalId)}::text[],
        ${parts.map((one) => one.part.updatedAt)}::bigint[], ${parts.map((one) => toJsonText(one.part.doc))}::jsonb[])
      on conflict (store_id, order_external_id, kind, external_id) do update
        set updated_at = excluded.updated_at, doc = excluded.doc`.execute(this.tx);
  }

  async #saveKeys(): Promise<void> {
    const keys = [...this.#newKeys];
    if (keys.length === 0) return;
    await sql`
      insert into processed_keys (account_id, key, event_id)
      select ${this.account.id}, * from unnest(${keys.map(([key]) => key)}::text[], ${keys.map(([, id]) => id)}::bigint[])`.execute(
      this.tx,
    );
  }
}
