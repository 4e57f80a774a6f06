import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Customer } from '@tradewind/shared/schemas/customer';
import type { Message } from '@tradewind/shared/schemas/message';
import type { Order } from '@tradewind/shared/schemas/order';
import type { Tx } from '../db/database.ts';
import {
  writeConversations,
  writeCustomers,
  writeMessages,
  writeOrders,
  writeReferences,
  writeSettledEffects,
} from '../db/documents.ts';
import { runWrites, type Write } from '../db/writes.ts';
import { toAccountScopes } from '../domain/scopes.ts';
import type { ChangeEntry } from '../replication/change-log.ts';
import {
  loadCustomers,
  loadKeys,
  loadMessages,
  loadOrderParts,
  loadOrders,
  loadThreads,
  loadUploads,
  type OrderPart,
  type Upload,
} from './load.ts';
import {
  type NewAttachment,
  writeAttachments,
  writeClaimedUploads,
  writeIdentities,
  writeKeys,
  writeMovedIdentities,
  writeOrderParts,
} from './save.ts';
import { type IdentityKey, identityId, type Wanted } from './wanted.ts';

/**
 * The documents one processing transaction reads and writes, in memory between one round of reads and one round of
 * writes: fifty events cost about as many statements as one.
 */
export class UnitOfWork {
  readonly tx: Tx;
  readonly account: { id: string; family: 'channel' | 'store'; kind: string };
  readonly processedKeys = new Set<string>();
  readonly conversationsByReference = new Map<string, Conversation[]>();

  readonly #customers = new Map<string, Customer>();
  readonly #accountScopes: readonly string[];
  readonly #identities = new Map<string, string>();
  readonly #conversations = new Map<string, Conversation>();
  readonly #messages = new Map<string, Message>();
  readonly #orders = new Map<string, Order>();
  readonly #parts = new Map<string, OrderPart[]>();
  readonly #uploads = new Map<string, Upload>();

  readonly #newKeys = new Map<string, number>();
  readonly #newIdentities = new Map<string, { key: IdentityKey; customerId: string }>();
  readonly #movedIdentities = new Map<string, { key: IdentityKey; customerId: string }>();
  readonly #claimedUploads = new Map<string, string>();
  readonly #newReferences = new Map<string, { externalId: string; conversationId: string }>();
  readonly #newAttachments: NewAttachment[] = [];
  readonly #newParts = new Map<string, { orderExternalId: string; part: OrderPart }>();
  readonly #changed = {
    customers: new Set<string>(),
    conversations: new Set<string>(),
    messages: new Set<string>(),
    orders: new Set<string>(),
  };
  /** Customers whose an order was until now: it shows them to its store's readers no longer. */
  readonly #left = new Set<string>();

  constructor(tx: Tx, account: { id: string; family: 'channel' | 'store'; kind: string; teamIds: readonly string[] }) {
    this.tx = tx;
    this.account = account;
    this.#accountScopes = toAccountScopes(account.teamIds);
  }

  async load(wanted: Wanted): Promise<void> {
    const { tx, account } = this;
    for (const key of await loadKeys(tx, account.id, [...wanted.keys])) this.processedKeys.add(key);
    for (const { key, doc } of await loadCustomers(tx, [...wanted.identities.values()])) {
      this.#identities.set(identityId(key), doc.id);
      this.#customers.set(doc.id, doc);
    }
    for (const { externalId, doc } of await loadThreads(tx, account.id, [...wanted.threadIds])) {
      this.#conversations.set(doc.id, doc);
      this.#noteReference(externalId, doc.id);
    }
    for (const doc of await loadMessages(tx, account.id, [...wanted.messageIds])) {
      if (doc.externalId !== null) this.#messages.set(doc.externalId, doc);
    }
    const orders = [...wanted.orders];
    for (const doc of await loadOrders(tx, account.id, orders)) this.#orders.set(doc.externalId, doc);
    for (const { orderExternalId, part } of await loadOrderParts(tx, account.id, orders)) {
      this.#keepPart(orderExternalId, part);
    }
    for (const upload of await loadUploads(tx, [...wanted.uploads])) this.#uploads.set(upload.id, upload);
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
    return this.#customers.get(id) ?? null;
  }

  putCustomer(doc: Customer): void {
    this.#customers.set(doc.id, doc);
    this.#changed.customers.add(doc.id);
  }

  putIdentity(key: IdentityKey, customerId: string): void {
    this.#identities.set(identityId(key), customerId);
    this.#newIdentities.set(identityId(key), { key, customerId });
  }

  /** Makes a known identity another customer's. */
  moveIdentity(key: IdentityKey, customerId: string): void {
    const id = identityId(key);
    this.#identities.set(id, customerId);
    const fresh = this.#newIdentities.has(id) ? this.#newIdentities : this.#movedIdentities;
    fresh.set(id, { key, customerId });
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

  /** An earlier upload of this uploader; it becomes the conversation's. Null for anybody else's. */
  claimUpload(id: string, uploader: string, conversationId: string): Upload | null {
    const upload = this.#uploads.get(id);
    if (upload?.uploadedBy !== uploader) return null;
    if (!this.#claimedUploads.has(id)) this.#claimedUploads.set(id, conversationId);
    return upload;
  }

  order(externalId: string): Order | null {
    return this.#orders.get(externalId) ?? null;
  }

  putOrder(doc: Order): void {
    const before = this.#orders.get(doc.externalId)?.customerId ?? null;
    if (before !== null && before !== doc.customerId) this.#left.add(before);
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

  /** Orders of which parts came that now wait for the order itself. */
  missingOrders(): string[] {
    const named = [...this.#newParts.values()].filter(({ part }) => part.kind !== 'deletion');
    return [...new Set(named.map((one) => one.orderExternalId))].filter((id) => !this.#orders.has(id));
  }

  putKey(key: string, eventId: number): void {
    this.processedKeys.add(key);
    this.#newKeys.set(key, eventId);
  }

  /**
   * Writes everything in one statement and returns what the change log must name.
   *
   * @param more - writes that belong to the same moment.
   */
  async save(nowMs: number, ...more: readonly Write[]): Promise<ChangeEntry[]> {
    const customers = [...this.#changed.customers].flatMap((id) => this.#customers.get(id) ?? []);
    const conversations = [...this.#changed.conversations].flatMap((id) => this.#conversations.get(id) ?? []);
    const messages = [...this.#changed.messages].flatMap((id) => this.#messages.get(id) ?? []);
    const orders = [...this.#changed.orders].flatMap((id) => this.#orders.get(id) ?? []);
    const { id: accountId } = this.account;
    await runWrites(this.tx, [
      writeCustomers(customers, nowMs),
      writeIdentities([...this.#newIdentities.values()]),
      writeMovedIdentities([...this.#movedIdentities.values()]),
      writeConversations(conversations, nowMs),
      writeMessages(messages),
      writeSettledEffects(messages, nowMs),
      writeReferences(accountId, [...this.#newReferences.values()]),
      ...writeAttachments(accountId, this.#newAttachments, nowMs),
      writeClaimedUploads(this.#claimedUploads),
      writeOrders(orders),
      writeOrderParts(accountId, [...this.#newParts.values()]),
      writeKeys(accountId, this.#newKeys),
      ...more,
    ]);
    const customerIds = new Set([...this.#left, ...customers.map((one) => one.id)]);
    return [
      // A visitor who has said who he is and nothing else yet is his account's.
      ...[...customerIds].map((id): ChangeEntry => ({ collection: 'customer', id, scopes: this.#accountScopes })),
      ...conversations.map(({ id }): ChangeEntry => ({ collection: 'conversation', id, scopes: null })),
      ...messages.map(({ id }): ChangeEntry => ({ collection: 'message', id, scopes: null })),
      ...orders.map(({ id, deleted }): ChangeEntry => ({ collection: 'order', id, scopes: null, deleted })),
    ];
  }
}
