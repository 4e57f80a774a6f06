import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Customer } from '@tradewind/shared/schemas/customer';
import type { DirectoryEntry } from '@tradewind/shared/schemas/directory';
import type { Message } from '@tradewind/shared/schemas/message';
import type { Order } from '@tradewind/shared/schemas/order';
import type { MangoQuerySelector, RxCollection } from 'rxdb';
import { type OutboxEntry, POSITION_ID, type ReplicaDocs, type Stored, type SyncPosition } from '../db/documents.ts';
import { LiveSet } from '../db/live-set.ts';
import type { CollectionsOf } from '../db/open-database.ts';
import { isPersonal, isReplicated, type Outbox, toWaitedFor } from '../replication/outbox.ts';
import { ConversationIndex } from './conversation-index.ts';
import { findName } from './customer-label.ts';
import { CustomerNames } from './customer-names.ts';
import { Emitter } from './emitter.ts';
import { type ConversationOverlay, overlayConversation, type PendingCommand, toThread } from './overlay.ts';
import { SendTroubles } from './send-troubles.ts';
import type {
  CommandProblem,
  ConversationRow,
  Directory,
  Loaded,
  QueueId,
  ThreadMessage,
  UnsentCommand,
} from './types.ts';
import { type View, ViewCache } from './view-cache.ts';

const STATUSES = ['pending', 'open', 'snoozed', 'resolved'] as const;
/** The first three are all a desk's daily queues need; they are shown before the resolved ones have been read. */
const UNRESOLVED_STATUSES = 3;

type DocSet<TDoc> = LiveSet<Stored<TDoc>> & View;

interface ThreadView extends View {
  set: LiveSet<Stored<Message>>;
  /** Cut anew when documents or overlay change. */
  rows: readonly ThreadMessage[] | null;
}

interface OrdersView extends View {
  set: LiveSet<Stored<Order>>;
  rows: readonly Order[] | null;
}

/**
 * What the screens of one agent show: the replica's documents with this device's pending commands laid over them. All
 * reads are synchronous and return the same object until it has changed; lists and counts see pending commands too.
 */
export class DeskModel {
  readonly conversationsChanged = new Emitter();
  readonly outboxChanged = new Emitter();
  readonly directoryChanged = new Emitter();
  /** Resolves when pending commands are laid over; before that every read answers "loading". */
  readonly ready: Promise<void>;

  readonly #agentId: string;
  readonly #onOpen: (conversationId: string) => void;
  readonly #collections: CollectionsOf<ReplicaDocs>;
  readonly #outbox: Outbox;
  readonly #index: ConversationIndex;
  readonly #names: CustomerNames;
  readonly #troubles: SendTroubles;
  readonly #conversations: LiveSet<Stored<Conversation>>;
  readonly #directory: LiveSet<Stored<DirectoryEntry>>;
  readonly #position: LiveSet<SyncPosition>;
  readonly #threads: ViewCache<ThreadView>;
  readonly #customers: ViewCache<DocSet<Customer>>;
  readonly #orders: ViewCache<OrdersView>;
  readonly #unsubscribe: () => void;
  #isReady = false;
  /** Stages of conversations whose customers' names are here as well. */
  #listedStages = 0;
  #naming: Promise<unknown> = Promise.resolve();
  #inFlight: ReadonlySet<string> = new Set();
  #pending = new Map<string, PendingCommand[]>();
  readonly #overlays = new Map<string, ConversationOverlay>();
  /** Threads held open because a command on them is pending: a reply answers their newest message. */
  readonly #heldThreads = new Map<string, () => void>();
  #directoryView: Directory | null = null;
  #problems: readonly CommandProblem[] | null = null;
  #unsent: readonly UnsentCommand[] | null = null;

  /** @param onOpen - told of each conversation that is opened: messages of it may have yet to be fetched. */
  constructor(
    agentId: string,
    collections: CollectionsOf<ReplicaDocs>,
    outbox: Outbox,
    onOpen: (conversationId: string) => void,
  ) {
    this.#agentId = agentId;
    this.#onOpen = onOpen;
    this.#collections = collections;
    this.#outbox = outbox;
    this.#index = new ConversationIndex(agentId);
    this.#names = new CustomerNames(collections.customers, (ids) => {
      this.#updateRows(ids.flatMap((id) => [...this.#index.idsOfCustomer(id)]));
    });
    this.#troubles = new SendTroubles(collections.messages, (ids) => this.#updateRows(ids));
    this.#threads = new ViewCache((id, onChange) => this.#openThread(id, onChange));
    this.#customers = new ViewCache((id, onChange) => openSet(collections.customers, 'id', id, onChange));
    this.#orders = new ViewCache((customerId, onChange) => {
      const set = openSet(collections.orders, 'customerId', customerId, () => {
        view.rows = null;
        onChange();
      });
      const view: OrdersView = { set, rows: null, close: () => set.close() };
      return view;
    });
    this.#directory = new LiveSet({
      collection: collections.directory,
      selectors: [{}],
      matches: () => true,
      onChange: () => this.#handleDirectory(),
    });
    this.#position = new LiveSet({
      collection: collections.meta,
      selectors: [{}],
      matches: () => true,
      onChange: () => this.#refreshPending(),
    });
    this.#conversations = new LiveSet<Stored<Conversation>>({
      collection: collections.conversations,
      selectors: STATUSES.map((status) => ({ status })),
      matches: () => true,
      onChange: (ids) => this.#handleConversations(ids),
    });
    this.#unsubscribe = outbox.onChange(() => {
      this.#problems = null;
      this.#unsent = null;
      this.#refreshPending();
      this.outboxChanged.emit();
    });
    this.ready = this.#prepare();
  }

  get pendingCount(): number {
    return this.#outbox.waiting.filter(({ command }) => !isPersonal(command)).length;
  }

  get queueCounts(): Readonly<Record<QueueId, number>> | undefined {
    return this.#isListed('all') ? this.#index.counts : undefined;
  }

  get problems(): readonly CommandProblem[] {
    this.#problems ??= toProblems(this.#outbox.entries);
    return this.#problems;
  }

  get unsent(): readonly UnsentCommand[] {
    this.#unsent ??= this.#outbox.entries
      .filter(({ status, command }) => status !== 'applied' && !isPersonal(command))
      .map(toUnsent);
    return this.#unsent;
  }

  get directory(): Directory {
    this.#directoryView ??= toDirectory(this.#directory.docs);
    return this.#directoryView;
  }

  readonly threads = {
    subscribe: (id: string, listener: () => void) => this.#threads.subscribe(id, listener),
  };
  readonly customers = {
    subscribe: (id: string, listener: () => void) => this.#customers.subscribe(id, listener),
  };
  readonly orders = {
    subscribe: (customerId: string, listener: () => void) => this.#orders.subscribe(customerId, listener),
  };

  conversationList(queue: QueueId): readonly ConversationRow[] | undefined {
    return this.#isListed(queue) ? this.#index.list(queue) : undefined;
  }

  conversation(id: string): Loaded<Conversation> {
    const row = this.#index.get(id);
    if (row) return row.conversation;
    return this.#isListed('all') ? null : undefined;
  }

  /** As the lists show it; undefined where it is not here. */
  row(id: string): ConversationRow | undefined {
    return this.#index.get(id);
  }

  conversationsOf(customerId: string): readonly Conversation[] | undefined {
    return this.#isListed('all') ? this.#index.ofCustomer(customerId) : undefined;
  }

  messages(conversationId: string): readonly ThreadMessage[] | undefined {
    const view = this.#threads.get(conversationId);
    if (!view?.set.isLoaded || !this.#isReady) return undefined;
    view.rows ??= toThread(view.set.docs, this.#overlays.get(conversationId));
    return view.rows;
  }

  customer(id: string): Loaded<Customer> {
    const set = this.#customers.get(id);
    return set?.docs.get(id) ?? (set?.isLoaded ? null : undefined);
  }

  ordersOf(customerId: string): readonly Order[] | undefined {
    const view = this.#orders.get(customerId);
    if (!view?.set.isLoaded) return undefined;
    view.rows ??= [...view.set.docs.values()]
      .filter((order) => !order.deleted)
      .sort((left, right) => right.placedAt - left.placedAt || right.createdSeq - left.createdSeq);
    return view.rows;
  }

  /** The conversation a message belongs to, if this device holds it. */
  async findConversationOf(messageId: string): Promise<string | null> {
    const [message] = await this.#collections.messages.storageInstance.findDocumentsById([messageId], false);
    return message?.conversationId ?? null;
  }

  /** @param ids - commands whose batch is on the way to the server. */
  setInFlight(ids: readonly string[]): void {
    if (ids.length === 0 && this.#inFlight.size === 0) return;
    this.#inFlight = new Set(ids);
    this.#refreshPending();
  }

  close(): void {
    this.#unsubscribe();
    for (const set of [this.#directory, this.#position, this.#conversations]) set.close();
    this.#names.close();
    this.#troubles.close();
    for (const cache of [this.#threads, this.#customers, this.#orders]) cache.closeAll();
  }

  async #prepare(): Promise<void> {
    await Promise.all([this.#outbox.loaded, this.#directory.loaded, this.#position.loaded]);
    this.#refreshPending();
    await Promise.all([...this.#heldThreads.keys()].map((id) => this.#threads.get(id)?.set.loaded));
    this.#isReady = true;
    this.conversationsChanged.emit();
    for (const id of this.#heldThreads.keys()) this.#threads.touch(id);
  }

  #isListed(queue: QueueId): boolean {
    const needed = queue === 'resolved' || queue === 'all' ? STATUSES.length : UNRESOLVED_STATUSES;
    return this.#isReady && this.#listedStages >= needed;
  }

  #openThread(conversationId: string, onChange: () => void): ThreadView {
    this.#onOpen(conversationId);
    const set = openSet(this.#collections.messages, 'conversationId', conversationId, () => {
      view.rows = null;
      if (this.#pending.has(conversationId)) this.#layAnew([conversationId]);
      onChange();
    });
    const view: ThreadView = { set, rows: null, close: () => set.close() };
    return view;
  }

  #handleDirectory(): void {
    this.#directoryView = null;
    this.#layAnew([...this.#pending.keys()]);
    this.directoryChanged.emit();
  }

  #handleConversations(ids: readonly string[]): void {
    this.#layAnew(
      ids.filter((id) => this.#pending.has(id)),
      ids,
    );
    const stage = this.#conversations.loadedCount;
    const customerIds = ids.flatMap((id) => this.#conversations.docs.get(id)?.customerId ?? []);
    this.#naming = Promise.all([this.#naming, this.#names.load(customerIds)]);
    if (stage === this.#listedStages) return;
    void this.#naming.then(() => {
      this.#listedStages = Math.max(this.#listedStages, stage);
      this.conversationsChanged.emit();
    });
  }

  /** Finds out which commands the documents do not show yet, and lays anew what that changes. */
  #refreshPending(): void {
    const reached = this.#position.docs.get(POSITION_ID) ?? { seq: 0, epoch: 0, renewing: false };
    const before = this.#pending;
    this.#pending = new Map();
    for (const entry of this.#outbox.entries) {
      if (entry.conversationId === null || !isShown(entry) || isReplicated(entry, reached)) continue;
      const commands = this.#pending.get(entry.conversationId) ?? [];
      commands.push({ entry, inFlight: this.#inFlight.has(entry.id) });
      this.#pending.set(entry.conversationId, commands);
    }
    const touched = [...new Set([...before.keys(), ...this.#pending.keys()])].filter(
      (id) => !isSamePending(before.get(id), this.#pending.get(id)),
    );
    this.#layAnew(touched);
  }

  /** Lists first, threads after: whoever hears that a thread has changed must not find its conversation as it was before. */
  #layAnew(conversationIds: readonly string[], rows: readonly string[] = conversationIds): void {
    for (const id of conversationIds) this.#overlay(id);
    this.#updateRows(rows);
    for (const id of conversationIds) this.#threads.touch(id);
  }

  #overlay(conversationId: string): void {
    const pending = this.#pending.get(conversationId);
    if (pending) {
      this.#holdThread(conversationId);
      const base = {
        conversation: this.#conversations.docs.get(conversationId) ?? null,
        messages: this.#threads.get(conversationId)?.set.docs ?? new Map(),
        directory: this.#directory.docs,
      };
      this.#overlays.set(conversationId, overlayConversation(base, pending, this.#agentId));
    } else {
      this.#overlays.delete(conversationId);
      this.#heldThreads.get(conversationId)?.();
      this.#heldThreads.delete(conversationId);
    }
    const thread = this.#threads.peek(conversationId);
    if (thread) thread.rows = null;
  }

  #holdThread(conversationId: string): void {
    if (this.#heldThreads.has(conversationId)) return;
    this.#heldThreads.set(
      conversationId,
      this.#threads.subscribe(conversationId, () => undefined),
    );
  }

  #updateRows(ids: Iterable<string>): void {
    const rows = new Map<string, ConversationRow | null>();
    for (const id of ids) rows.set(id, this.#toRow(id));
    if (this.#index.update(rows)) this.conversationsChanged.emit();
  }

  #toRow(id: string): ConversationRow | null {
    const overlay = this.#overlays.get(id);
    const conversation = overlay ? overlay.conversation : (this.#conversations.docs.get(id) ?? null);
    if (!conversation) return null;
    return {
      conversation,
      customerName: findName(conversation, { name: this.#names.get(conversation.customerId), emails: [] }),
      trouble: this.#troubles.get(id, overlay?.changed),
      pending: this.#pending.get(id)?.some(({ entry }) => entry.status !== 'held') ?? false,
    };
  }
}

function openSet<TDoc extends Stored<object>>(
  collection: RxCollection<TDoc>,
  field: keyof TDoc & string,
  value: string,
  onChange: () => void,
): LiveSet<TDoc> {
  return new LiveSet({
    collection,
    // A computed key widens the selector's type; field and value are those of the document.
    selectors: [{ [field]: value } as unknown as MangoQuerySelector<TDoc>],
    matches: (doc) => doc[field] === value,
    onChange,
  });
}

/** Refused commands show in the list of problems, not in the documents; a held reply also where it would stand. */
function isShown({ status, command }: OutboxEntry): boolean {
  return status === 'waiting' || status === 'applied' || (status === 'held' && command.type === 'reply');
}

function isSamePending(left: readonly PendingCommand[] = [], right: readonly PendingCommand[] = []): boolean {
  return (
    left.length === right.length &&
    left.every((command, index) => {
      const other = right[index];
      return command.entry === other?.entry && command.inFlight === other.inFlight;
    })
  );
}

/** What waits for another command is decided with that one, and is not asked about by itself. */
function toProblems(entries: readonly OutboxEntry[]): CommandProblem[] {
  const asking = new Set(entries.filter(({ status }) => status === 'held').map(({ id }) => id));
  return entries
    .filter(({ result }) => !asking.has(toWaitedFor(result?.reason) ?? ''))
    .flatMap((entry) => toProblem(entry) ?? []);
}

function toUnsent({ id, command, conversationId }: OutboxEntry): UnsentCommand {
  return { commandId: id, type: command.type, conversationId, text: 'text' in command ? command.text : null };
}

function toProblem(entry: OutboxEntry): CommandProblem | null {
  if (entry.status !== 'rejected' && entry.status !== 'held') return null;
  return {
    ...toUnsent(entry),
    held: entry.status === 'held',
    reason: entry.result?.reason ?? { kind: 'internal', errorId: '' },
    at: entry.command.at ?? 0,
  };
}

function toDirectory(byId: ReadonlyMap<string, DirectoryEntry>): Directory {
  const entries = [...byId.values()].sort((left, right) => left.name.localeCompare(right.name));
  return {
    byId: new Map(byId),
    agents: entries.filter((entry) => entry.kind === 'agent'),
    teams: entries.filter((entry) => entry.kind === 'team'),
    channels: entries.filter((entry) => entry.kind === 'channel'),
    stores: entries.filter((entry) => entry.kind === 'store'),
  };
}
