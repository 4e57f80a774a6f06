import { applyCommand, type Command, type CommandInput, commandSchema } from '@tradewind/shared/commands/registry';
import type { CommandDoc, CommandResult } from '@tradewind/shared/protocol/commands';
import type { LivePresent } from '@tradewind/shared/protocol/live';
import {
  type AccessChanged,
  type Change,
  type ChangesFrame,
  type CollectionName,
  collections,
  DIGEST_RANGE,
  type Digest,
  decodeCheckpoint,
  digestOf,
  encodeCheckpoint,
  type SnapshotItem,
  type SnapshotPage,
} from '@tradewind/shared/protocol/sync';
import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { DirectoryEntry } from '@tradewind/shared/schemas/directory';
import type { Message } from '@tradewind/shared/schemas/message';
import { TEST_NOW } from '@tradewind/shared/testing/builders';
import type { LiveHandlers, LiveWord, Presences, SyncTransport, TransportFailure } from '../transport.ts';

type Doc = { id: string } & Record<string, unknown>;

interface Channel {
  handlers: LiveHandlers;
  /** Last `toSeq` put on this socket. */
  sentSeq: number;
}

/**
 * A server in memory that keeps the protocol: one change log, pages, live frames that chain, commands applied once by
 * the shared `apply`. Tests hold its frames back, drop and reorder them, and break its network at chosen moments.
 */
export class FakeServer implements SyncTransport {
  readonly agentId: string;
  deskId = 'desk-1';
  seq = 0;
  accessVersion = 1;
  nowMs = TEST_NOW;
  /** Every request fails with this, and open sockets are cut, until it is null again. */
  outage: TransportFailure | null = null;
  /** Applied commands in the order they were carried out. */
  readonly applied: string[] = [];
  /** Every command that arrived, each once. */
  readonly received: Command[] = [];
  /** What becomes of a command in place of being applied; null: it is applied. */
  decide: (command: Command) => Pick<CommandResult, 'status' | 'reason'> | null = () => null;
  /** Every batch that arrived, whether or not its answer was delivered. */
  readonly batches: string[][] = [];
  /** What consoles said beside their commands, in order of arrival. */
  readonly heard: LiveWord[] = [];
  pulls = 0;
  /** Called when a batch has been carried out and before its answer leaves; throw away the answer by returning false. */
  beforeAnswer: () => Promise<boolean> | boolean = () => true;
  /** Called before a batch is looked at. */
  beforeCommands: () => Promise<void> | void = () => undefined;
  /** Commands whose mere presence makes the server refuse the whole batch with 400. */
  readonly unreadable = new Set<string>();
  /** False: a server of before snapshot parts and digests. */
  hasParts = true;
  /** Parts in the order in which their pages were asked for. */
  readonly parts: string[] = [];
  /** Most items on a page of a part. */
  itemsPerPage = 1_000;
  /** Called when a page of a part has been read and before it leaves. */
  beforePart: (part: string) => Promise<void> | void = () => undefined;
  /** The desk was restored from a backup made then: told with every `resync`. */
  restoredAt: number | null = null;
  /** Scopes that this agent has. */
  access: ReadonlySet<string> = new Set(['desk']);
  /** Held back until `deliver`, when not null. */
  held: { channel: Channel; frame: ChangesFrame }[] | null = null;

  readonly #log = new Map<string, Change>();
  readonly #results = new Map<string, CommandResult>();
  readonly #channels = new Set<Channel>();
  /** By `collection:id`; documents without an entry are everybody's. Messages are seen with their conversation. */
  readonly #scopes = new Map<string, ReadonlySet<string>>();
  /** Per document the rows that say which scopes it has left. */
  readonly #left = new Map<string, Map<string, Change>>();
  /** Per conversation, since when it is seen by a scope that it did not always have. */
  readonly #gained = new Map<string, Map<string, number>>();
  readonly #accessHistory = new Map<number, ReadonlySet<string>>();

  constructor(agentId: string) {
    this.agentId = agentId;
  }

  get connections(): number {
    return this.#channels.size;
  }

  doc<TDoc>(collection: CollectionName, id: string): TDoc | undefined {
    return this.#log.get(`${collection}:${id}`)?.doc as TDoc | undefined;
  }

  docs<TDoc>(collection: CollectionName): TDoc[] {
    return [...this.#log.values()].flatMap((row) =>
      row.collection === collection && row.doc ? [row.doc as TDoc] : [],
    );
  }

  /** Commits documents as one transaction and announces them. */
  commit(...docs: [CollectionName, { id: string }][]): number {
    const from = this.seq;
    const changes = docs.map(([collection, doc]) => this.#append(collection, doc.id, doc as Doc));
    this.#announce(from, changes);
    return this.seq;
  }

  remove(collection: CollectionName, id: string): void {
    const from = this.seq;
    this.#announce(from, [this.#append(collection, id, null)]);
  }

  /** Documents of a collection that this agent may see. */
  visible<TDoc>(collection: CollectionName): TDoc[] {
    return this.#visibleRows().flatMap((row) => (row.collection === collection && row.doc ? [row.doc as TDoc] : []));
  }

  /** From now on a document is seen by these scopes; its row moves, and one for readers who lose sight of it is written. */
  place(collection: CollectionName, id: string, scopes: readonly string[]): void {
    const key = `${collection}:${id}`;
    const row = this.#log.get(key);
    if (!row?.doc) return;
    const from = this.seq;
    const before = this.#scopesOf(row);
    this.#scopes.set(key, new Set(scopes));
    const { seq } = this.#append(collection, id, row.doc as Doc);
    const gained = this.#gained.get(key) ?? new Map<string, number>();
    if (collection === 'conversation') this.#gained.set(key, gained);
    for (const scope of scopes) if (!before.has(scope)) gained.set(scope, seq);
    const left = this.#left.get(key) ?? new Map<string, Change>();
    this.#left.set(key, left);
    for (const scope of scopes) left.delete(scope);
    for (const scope of before) {
      if (scopes.includes(scope)) continue;
      this.seq += 1;
      left.set(scope, { collection, id, seq: this.seq, createdSeq: row.createdSeq, removed: true });
    }
    this.#announce(from, this.#rowsAfter(from));
  }

  /** The agent's own scopes change; nothing in the log does. */
  setAccess(scopes: readonly string[]): void {
    this.#accessHistory.set(this.accessVersion, this.access);
    this.access = new Set(scopes);
    this.accessVersion += 1;
    this.say('access-changed');
  }

  /**
   * The desk was restored from a backup: other history, lower numbers.
   *
   * @param at - when that backup was made: messages and commands of since then are lost.
   */
  restore(at: number | null = null): void {
    const rows = [...this.#log.values()].filter(
      ({ collection, doc }) => !(at !== null && collection === 'message' && Number(doc?.sentAt) > at),
    );
    this.deskId = `desk-${Number(this.deskId.slice(5)) + 1}`;
    this.restoredAt = at;
    this.seq = 0;
    this.#log.clear();
    this.#left.clear();
    this.#gained.clear();
    if (at !== null) this.#results.clear();
    for (const { collection, doc } of rows) if (doc && collection !== 'command') this.#append(collection, doc.id, doc);
    this.cut();
  }

  cut(reason = 'transport close'): void {
    const channels = [...this.#channels];
    this.#channels.clear();
    for (const { handlers } of channels) handlers.onClose(reason);
  }

  say(event: 'resync' | 'access-changed'): void {
    for (const { handlers } of this.#channels) {
      if (event === 'resync') handlers.onResync({ restoredAt: this.restoredAt });
      else handlers.onAccessChanged();
    }
  }

  tellPresence(agents: Presences): void {
    for (const { handlers } of this.#channels) handlers.onPresence(agents);
  }

  tellTyping(conversationId: string, typing: boolean): void {
    for (const { handlers } of this.#channels) handlers.onTyping({ conversationId, typing });
  }

  tellPresent(news: LivePresent): void {
    for (const { handlers } of this.#channels) handlers.onPresent(news);
  }

  /** Sends held frames, in the order given by `pick` (indexes); the others are lost. */
  deliver(pick?: readonly number[]): void {
    const held = this.held ?? [];
    this.held = this.held ? [] : null;
    for (const index of pick ?? held.keys()) {
      const item = held[index];
      if (item && this.#channels.has(item.channel)) item.channel.handlers.onFrame(item.frame);
    }
  }

  async pull({ checkpoint, accessVersion, limit }: Parameters<SyncTransport['pull']>[0]) {
    await Promise.resolve();
    this.pulls += 1;
    if (this.outage) return { ok: false, failure: this.outage } as const;
    const position = checkpoint === null ? { seq: 0, deskId: this.deskId } : decodeCheckpoint(checkpoint);
    if (!position || position.deskId !== this.deskId || position.seq > this.seq) {
      return { ok: false, failure: { kind: 'resync', restoredAt: this.restoredAt } } as const;
    }
    const refusal = this.#checkAccess(accessVersion);
    if (refusal) return refusal;
    const rows = this.#rowsAfter(position.seq);
    const changes = rows.slice(0, limit);
    const upToDate = changes.length === rows.length;
    const value = {
      changes,
      checkpoint: this.#checkpoint(upToDate ? this.seq : (changes.at(-1)?.seq ?? 0)),
      upToDate,
      accessVersion: this.accessVersion,
      serverTime: this.nowMs,
    };
    return { ok: true, value: structuredClone(value), roundTripMs: 0 } as const;
  }

  async snapshot({ part, cursor, accessVersion, limit }: Parameters<SyncTransport['snapshot']>[0]) {
    await Promise.resolve();
    if (this.outage) return { ok: false, failure: this.outage } as const;
    this.parts.push(part);
    if (!this.hasParts) return { ok: false, failure: { kind: 'not-found' } } as const;
    const refusal = this.#checkAccess(accessVersion);
    if (refusal) return refusal;
    const at = cursor === null ? { asOf: this.#checkpoint(this.seq), keys: this.#keysOf(part) } : readCursor(cursor);
    if (decodeCheckpoint(at.asOf)?.deskId !== this.deskId) {
      return { ok: false, failure: { kind: 'resync', restoredAt: this.restoredAt } } as const;
    }
    if (at.keys === null) return { ok: false, failure: { kind: 'not-found' } } as const;
    const size = Math.min(limit, this.itemsPerPage);
    const left = at.keys.slice(size);
    const value: SnapshotPage = structuredClone({
      asOf: at.asOf,
      items: this.#readItems(at.keys.slice(0, size)),
      nextCursor: left.length > 0 ? JSON.stringify({ asOf: at.asOf, keys: left }) : null,
      ...(cursor === null ? { total: at.keys.length } : {}),
      accessVersion: this.accessVersion,
      serverTime: this.nowMs,
    });
    await this.beforePart(part);
    return { ok: true, value, roundTripMs: 0 } as const;
  }

  async digest({ checkpoint, accessVersion }: Parameters<SyncTransport['digest']>[0]) {
    await Promise.resolve();
    if (this.outage) return { ok: false, failure: this.outage } as const;
    if (!this.hasParts) return { ok: false, failure: { kind: 'not-found' } } as const;
    const refusal = this.#checkAccess(accessVersion);
    if (refusal) return refusal;
    const seq = decodeCheckpoint(checkpoint ?? '')?.seq ?? 0;
    const ranges: Digest['ranges'] = [];
    for (const collection of collections) {
      const rows = this.#visibleRows().filter((row) => row.collection === collection);
      const starts = new Set(rows.map((row) => Math.floor(row.createdSeq / DIGEST_RANGE) * DIGEST_RANGE));
      for (const from of starts) {
        const to = from + DIGEST_RANGE;
        const inRange = rows.filter((row) => row.createdSeq >= from && row.createdSeq < to);
        const moved = this.#rowsAfter(seq).some((row) => row.createdSeq >= from && row.createdSeq < to);
        const same = inRange.filter((row) => row.seq <= seq);
        const range = { collection, from, to, count: same.length, hash: digestOf(same) };
        ranges.push(moved ? { ...range, moved } : range);
      }
    }
    const value: Digest = { ranges, accessVersion: this.accessVersion, serverTime: this.nowMs };
    return { ok: true, value, roundTripMs: 0 } as const;
  }

  async sendCommands(commands: readonly CommandInput[], signal: AbortSignal) {
    const aborted = new Promise<boolean>((resolve) => signal.addEventListener('abort', () => resolve(false)));
    await this.beforeCommands();
    if (this.outage) return { ok: false, failure: this.outage } as const;
    this.batches.push(commands.map(({ id }) => id));
    if (commands.some(({ id }) => this.unreadable.has(id))) {
      const errors = [{ path: 'commands', message: 'cannot be read' }];
      return { ok: false, failure: { kind: 'refused', status: 400, errors } } as const;
    }
    const results = commands.map((command) => this.#carryOut(command));
    const delivered = await Promise.race([this.beforeAnswer(), aborted]);
    if (!delivered) return { ok: false, failure: { kind: 'unreachable', reason: 'lost' } } as const;
    return { ok: true, value: structuredClone({ results, serverTime: this.nowMs }), roundTripMs: 0 } as const;
  }

  openLive({ checkpoint }: { checkpoint: string | null }, handlers: LiveHandlers) {
    const channel: Channel = { handlers, sentSeq: checkpoint === null ? 0 : (decodeCheckpoint(checkpoint)?.seq ?? 0) };
    let wanted = true;
    queueMicrotask(() => {
      if (!wanted) return;
      if (this.outage) return handlers.onClose('connect error');
      this.#channels.add(channel);
      channel.sentSeq = this.seq;
      handlers.onOpen();
    });
    return {
      say: (word: LiveWord) => {
        if (this.#channels.has(channel)) this.heard.push(word);
      },
      close: () => {
        wanted = false;
        this.#channels.delete(channel);
      },
    };
  }

  #checkAccess(accessVersion: number | null) {
    if (accessVersion === null || accessVersion === this.accessVersion) return null;
    const known = this.#accessHistory.get(accessVersion);
    const change: AccessChanged = {
      lost: known ? [...known].filter((scope) => !this.access.has(scope)) : ['all'],
      gained: known ? [...this.access].filter((scope) => !known.has(scope)) : ['all'],
      accessVersion: this.accessVersion,
    };
    return { ok: false, failure: { kind: 'access-changed', change } } as const;
  }

  #scopesOf({ collection, id, doc }: Pick<Change, 'collection' | 'id' | 'doc'>): ReadonlySet<string> {
    const key = collection === 'message' ? `conversation:${doc?.conversationId}` : `${collection}:${id}`;
    return this.#scopes.get(key) ?? new Set(['desk']);
  }

  #isVisible(row: Change): boolean {
    return [...this.#scopesOf(row)].some((scope) => this.access.has(scope));
  }

  #toChange(row: Change): Change {
    if (row.collection === 'message' || !row.doc) return row;
    const scopes = [...this.#scopesOf(row)].filter((scope) => this.access.has(scope));
    const gained = this.#gained.get(`${row.collection}:${row.id}`);
    const since = Math.min(...scopes.map((scope) => gained?.get(scope) ?? 0));
    return { ...row, scopes, ...(since > 0 ? { since } : {}) };
  }

  #visibleRows(): Change[] {
    return [...this.#log.values()].filter((row) => row.doc && this.#isVisible(row)).map((row) => this.#toChange(row));
  }

  /** What a page or frame that begins after `seq` shows this agent, in the order of the log. */
  #rowsAfter(seq: number): Change[] {
    const rows = [...this.#log.values()].filter((row) => this.#isVisible(row)).map((row) => this.#toChange(row));
    return [...rows, ...this.#removals()].filter((row) => row.seq > seq).sort((a, b) => a.seq - b.seq);
  }

  /** Of documents that left a scope of this agent and meet none of his others; of several, the newest counts. */
  #removals(): Change[] {
    return [...this.#left].flatMap(([key, left]) => {
      const row = this.#log.get(key);
      if (!row || this.#isVisible(row)) return [];
      return [...left].flatMap(([scope, removal]) => (this.access.has(scope) ? [removal] : []));
    });
  }

  /** A page holds documents as they are when it is read, of those that are still to be seen then. */
  #readItems(keys: readonly string[]): SnapshotItem[] {
    const visible = new Map(this.#visibleRows().map((row) => [`${row.collection}:${row.id}`, row as SnapshotItem]));
    return keys.flatMap((key) => visible.get(key) ?? []);
  }

  /** What a part holds, decided when it begins: a conversation that is begun is given to its end. */
  #keysOf(part: string): string[] | null {
    return this.#itemsOf(part)?.map(({ collection, id }) => `${collection}:${id}`) ?? null;
  }

  /** Items of a part, conversations before their messages; null where there is no such thing for this agent. */
  #itemsOf(part: string): SnapshotItem[] | null {
    const rows = this.#visibleRows() as SnapshotItem[];
    const statusOf = (id: unknown) => this.doc<Conversation>('conversation', String(id))?.status;
    const isOpen = (item: SnapshotItem) => {
      if (item.collection === 'conversation') return statusOf(item.id) !== 'resolved';
      if (item.collection === 'message') return statusOf(item.doc.conversationId) !== 'resolved';
      return item.collection === 'directory' || (item.collection === 'command' && item.doc.status === 'held');
    };
    const isOf = (id: string) => (item: SnapshotItem) =>
      item.collection === 'message' ? item.doc.conversationId === id : item.id === id;
    const [kind = '', ...rest] = part.split(':');
    const name = rest.join(':');
    // A conversation, then its messages; anything else where it was created.
    const placeOf = (item: SnapshotItem): [number, number] => {
      const conversation = this.#log.get(`conversation:${item.doc.conversationId}`);
      return [conversation?.createdSeq ?? item.createdSeq, conversation ? item.createdSeq : 0];
    };
    const byPlace = (left: SnapshotItem, right: SnapshotItem) => {
      const [a, b] = [placeOf(left), placeOf(right)];
      return a[0] - b[0] || a[1] - b[1];
    };
    const pick = (matches: (item: SnapshotItem) => boolean) => rows.filter(matches).sort(byPlace);
    switch (kind) {
      case 'open':
        return pick(isOpen);
      case 'recent':
        return pick((item) => item.collection === 'customer' || item.collection === 'order');
      case 'history':
        return pick((item) => item.collection !== 'command' && !isOpen(item));
      case 'conversation': {
        const items = pick(isOf(name));
        return items.some(({ collection }) => collection === 'conversation') ? items : null;
      }
      case 'scope':
        return this.access.has(name) ? pick((item) => this.#scopesOf(item).has(name)) : null;
      default: {
        const [collection, from, to] = rest;
        return pick(
          (item) => item.collection === collection && item.createdSeq >= Number(from) && item.createdSeq < Number(to),
        );
      }
    }
  }

  #checkpoint(seq: number): string {
    return encodeCheckpoint({ deskId: this.deskId, seq, mark: `mark-${seq}` });
  }

  #append(collection: CollectionName, id: string, doc: Doc | null): Change {
    this.seq += 1;
    const key = `${collection}:${id}`;
    const createdSeq = this.#log.get(key)?.createdSeq ?? this.seq;
    const change: Change = doc
      ? { collection, id, seq: this.seq, createdSeq, doc: { ...doc, createdSeq } }
      : { collection, id, seq: this.seq, createdSeq, deleted: true };
    this.#log.set(key, change);
    if (!doc) this.#left.delete(key);
    return change;
  }

  #announce(fromSeq: number, changes: Change[]): void {
    for (const channel of this.#channels) {
      const frame: ChangesFrame = {
        fromSeq: this.held ? channel.sentSeq : fromSeq,
        toSeq: this.seq,
        checkpoint: this.#checkpoint(this.seq),
        accessVersion: this.accessVersion,
        serverTime: this.nowMs,
        changes: structuredClone(
          changes.filter((row) => row.removed || this.#isVisible(row)).map((row) => this.#toChange(row)),
        ),
      };
      channel.sentSeq = this.seq;
      if (this.held) this.held.push({ channel, frame });
      else channel.handlers.onFrame(frame);
    }
  }

  /** What became of a command later comes down with its record. */
  tell(result: CommandResult): void {
    const from = this.seq;
    const known = this.doc<CommandDoc>('command', result.id);
    this.#announce(from, [this.#append('command', result.id, { ...known, ...result } as unknown as Doc)]);
  }

  #carryOut(input: CommandInput): CommandResult {
    const known = this.#results.get(input.id);
    if (known) return known;
    const command = commandSchema.parse(input);
    this.received.push(command);
    const conversationId =
      'conversationId' in command
        ? command.conversationId
        : 'messageId' in command
          ? this.doc<Message>('message', command.messageId)?.conversationId
          : command.id;
    const row = this.#log.get(`conversation:${conversationId}`);
    // What an agent may not see does not exist for him (R15).
    const conversation =
      row && this.#isVisible(row) ? ((row.doc as unknown as Conversation | undefined) ?? null) : null;
    const messages = [...this.#log.values()].flatMap(({ collection, doc }) =>
      collection === 'message' && doc?.conversationId === conversationId ? [doc as unknown as Message] : [],
    );
    const channelId = 'channelAccountId' in command ? command.channelAccountId : conversation?.channelAccountId;
    const channel = this.doc<DirectoryEntry>('directory', channelId ?? '');
    const outcome = applyCommand(
      {
        conversation,
        message: 'messageId' in command ? (this.doc<Message>('message', command.messageId) ?? null) : null,
        lastInbound: messages.filter(({ direction }) => direction === 'in').at(-1) ?? null,
        attachments: [],
        channel: channel?.kind === 'channel' ? channel : null,
      },
      command,
      { agentId: this.agentId, nowMs: command.at ?? this.nowMs },
    );
    let result: CommandResult = { id: command.id, status: 'applied', seq: null };
    const from = this.seq;
    const changes: Change[] = [];
    const decided = this.decide(command);
    if (decided) {
      result = { ...result, ...decided };
    } else if (outcome.ok) {
      this.applied.push(command.id);
      if (outcome.conversation)
        changes.push(this.#append('conversation', outcome.conversation.id, outcome.conversation));
      if (outcome.message) changes.push(this.#append('message', outcome.message.id, outcome.message));
      result = { ...result, seq: this.seq, ...(conversationId === undefined ? {} : { conversationId }) };
    } else {
      result = { ...result, status: 'rejected', reason: outcome.reason };
    }
    this.#results.set(command.id, result);
    const record = { ...result, type: command.type, agentId: this.agentId, at: command.at, receivedAt: this.nowMs };
    changes.push(this.#append('command', command.id, record as unknown as Doc));
    this.#announce(from, changes);
    return result;
  }
}

function readCursor(cursor: string): { asOf: string; keys: string[] } {
  return JSON.parse(cursor) as { asOf: string; keys: string[] };
}
