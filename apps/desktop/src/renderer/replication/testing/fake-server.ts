import { applyCommand, type CommandInput, commandSchema } from '@tradewind/shared/commands/registry';
import type { CommandResult } from '@tradewind/shared/protocol/commands';
import {
  type Change,
  type ChangesFrame,
  type CollectionName,
  decodeCheckpoint,
  encodeCheckpoint,
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
  /** Held back until `deliver`, when not null. */
  held: { channel: Channel; frame: ChangesFrame }[] | null = null;

  readonly #log = new Map<string, Change>();
  readonly #results = new Map<string, CommandResult>();
  readonly #channels = new Set<Channel>();

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

  /** The desk was restored from a backup: other history, lower numbers. */
  restore(): void {
    const docs = [...this.#log.values()].filter(({ doc }) => doc);
    this.deskId = 'desk-2';
    this.seq = 0;
    this.#log.clear();
    for (const { collection, doc } of docs) if (doc && collection !== 'command') this.#append(collection, doc.id, doc);
    this.cut();
  }

  cut(reason = 'transport close'): void {
    const channels = [...this.#channels];
    this.#channels.clear();
    for (const { handlers } of channels) handlers.onClose(reason);
  }

  say(event: 'resync' | 'access-changed'): void {
    for (const { handlers } of this.#channels) event === 'resync' ? handlers.onResync() : handlers.onAccessChanged();
  }

  tellPresence(agents: Presences): void {
    for (const { handlers } of this.#channels) handlers.onPresence(agents);
  }

  tellTyping(conversationId: string, typing: boolean): void {
    for (const { handlers } of this.#channels) handlers.onTyping({ conversationId, typing });
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
      return { ok: false, failure: { kind: 'resync' } } as const;
    }
    if (accessVersion !== null && accessVersion !== this.accessVersion) {
      return { ok: false, failure: { kind: 'access-changed' } } as const;
    }
    const rows = [...this.#log.values()].filter(({ seq }) => seq > position.seq).sort((a, b) => a.seq - b.seq);
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
        changes: structuredClone(changes),
      };
      channel.sentSeq = this.seq;
      if (this.held) this.held.push({ channel, frame });
      else channel.handlers.onFrame(frame);
    }
  }

  #carryOut(input: CommandInput): CommandResult {
    const known = this.#results.get(input.id);
    if (known) return known;
    const command = commandSchema.parse(input);
    const conversationId =
      'conversationId' in command
        ? command.conversationId
        : 'messageId' in command
          ? this.doc<Message>('message', command.messageId)?.conversationId
          : command.id;
    const conversation = this.doc<Conversation>('conversation', conversationId ?? '') ?? null;
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
    if (outcome.ok) {
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
