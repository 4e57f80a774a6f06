import { type CommandInput, commandSchema, commandTarget } from '@tradewind/shared/commands/registry';
import { createUuidV7 } from '@tradewind/shared/ids';
import type { ErasingReason } from '@tradewind/shared/protocol/erasing';
import type { Presence } from '@tradewind/shared/protocol/live';
import type { ReplicaDocs } from '../db/documents.ts';
import {
  type AnyStorage,
  type CollectionsOf,
  openOwnDatabase,
  openReplicaDatabase,
  removeOldReplicas,
} from '../db/open-database.ts';
import type { ConnectionState } from '../replication/connection-state.ts';
import { type DeviceSync, startDeviceSync } from '../replication/device-sync.ts';
import { type Leadership, type LockSource, leadWhenAlone } from '../replication/leader.ts';
import { Outbox } from '../replication/outbox.ts';
import { ServerClock } from '../replication/server-clock.ts';
import { TabLink } from '../replication/tab-link.ts';
import { type LiveWord, type Schedule, type SyncTransport, scheduleWithTimers } from '../replication/transport.ts';
import type { VerifyReport } from '../replication/verify-replica.ts';
import { Attendance } from './attendance.ts';
import { DeskModel } from './desk-model.ts';
import type { DeviceEvents } from './device-events.ts';
import { DraftSync } from './draft-sync.ts';
import { Drafts, type LastResort } from './drafts.ts';
import { Emitter } from './emitter.ts';
import { PersonalItems } from './personal-items.ts';
import { toConfirmation } from './to-confirmation.ts';
import type { CommandDraft, ComposerMode, Desk } from './types.ts';
import { Whereabouts } from './whereabouts.ts';

export interface DeskRuntimeOptions {
  agent: Desk['agent'];
  /** One per server and agent; names databases, lock and channel. */
  name: string;
  replicaStorage: AnyStorage;
  /** For commands and drafts. */
  ownStorage: AnyStorage;
  transport: SyncTransport;
  /** Other tabs of this browser may have the same stores open. */
  multiTab: boolean;
  /** Decides which tab leads; null: this instance does. */
  locks: LockSource | null;
  lastResort: LastResort;
  /** What the agent chose on this device, kept over restarts. */
  presence: { read(): Presence; write(presence: Presence): void };
  listenToDevice(events: DeviceEvents): () => void;
  /** Tells the server that the session is over; best effort. */
  endSession(): Promise<void>;
  /** What has to be done beside the stores when all of the agent is erased: said before it begins, finished after it. */
  erasing?: { begin(reason: ErasingReason): void; finish(): Promise<void> };
  /** Runs in the leading tab alone, from before replication writes anything. Returns what ends it. */
  whileLeading?(desk: LeadingDesk): () => void;
  /** The desk is about to close: nothing may be read from it any more. */
  onClosing?(): void;
  schedule?: Schedule;
  now?: () => number;
}

/** What may be watched where the replica is written. */
export interface LeadingDesk {
  agentId: string;
  collections: CollectionsOf<ReplicaDocs>;
  model: DeskModel;
  connection(): ConnectionState;
  onConnection(listener: () => void): () => void;
}

/** One agent's desk on this device: stores, replication, and what the screens read. */
export class DeskRuntime implements Desk {
  readonly agent: Desk['agent'];
  readonly model: DeskModel;
  readonly drafts: Drafts;
  readonly whereabouts: Whereabouts;
  readonly personal: PersonalItems;
  readonly attendance: Attendance;
  readonly connectionChanged = new Emitter();

  #connection: ConnectionState = { kind: 'starting' };
  #inFlight: readonly string[] = [];
  #sync: DeviceSync | null = null;
  #closing: Promise<void> | null = null;
  #erasing: Promise<void> | null = null;
  readonly #erasedListeners = new Set<(reason: ErasingReason) => void>();
  readonly #beside: DeskRuntimeOptions['erasing'];
  readonly #clock: ServerClock;
  readonly #databases: Databases;
  readonly #endSession: () => Promise<void>;
  readonly #onClosing: () => void;
  readonly #leadership: Leadership;
  readonly #link: TabLink;
  readonly #outbox: Outbox;
  readonly #keepPresence: (presence: Presence) => void;
  readonly #stopListening: () => void;

  constructor(options: DeskRuntimeOptions, databases: Databases, clockOffsetMs: number) {
    const { replica, own } = databases;
    this.agent = options.agent;
    this.#databases = databases;
    this.#endSession = () => options.endSession();
    this.#beside = options.erasing;
    this.#onClosing = () => options.onClosing?.();
    this.#clock = new ServerClock(options.now, clockOffsetMs);
    this.#outbox = new Outbox(own.collections.outbox);
    this.model = new DeskModel(options.agent.id, replica.collections, this.#outbox, (id) => {
      if (this.#sync) this.#sync.want(id);
      else this.#link.want(id);
    });
    this.drafts = new Drafts(own.collections.drafts, options.lastResort, options.now ?? Date.now);
    this.personal = new PersonalItems(options.agent.id, replica.collections, this.#outbox);
    this.whereabouts = new Whereabouts(options.presence.read(), options.schedule);
    this.attendance = new Attendance(
      (word) => this.#say({ word: 'attention', ...word }),
      options.schedule ?? scheduleWithTimers,
    );
    this.#keepPresence = (presence) => options.presence.write(presence);
    this.#link = new TabLink(options.multiTab ? options.name : null, {
      onStatus: ({ connection, inFlight, clockOffsetMs: offsetMs, presences, typing, present }) => {
        if (this.#sync) return; // two leaders for a moment, while the lead changes hands
        this.#clock.adopt(offsetMs);
        this.whereabouts.mirror(presences, typing, present);
        this.#show(connection, inFlight);
      },
      onHello: () => this.#tell(),
      onReconnect: () => this.#sync?.reconnect(),
      onLoggedOut: () => this.lock(),
      onErased: (reason) => void this.#leaveErased(reason),
      onWant: (conversationId) => this.#sync?.want(conversationId),
      onSay: (word) => this.#hear(word),
    });
    this.#stopListening = options.listenToDevice({
      onOnline: () => this.#sync?.reconnect(),
      onOffline: () => this.#sync?.markOffline('offline'),
      onWake: () => this.#sync?.check(),
      onLeave: () => this.drafts.keepSafe(),
    });
    this.#leadership = leadWhenAlone(options.locks, options.name, () => this.#lead(options));
    this.#link.sayHello();
  }

  get connection(): ConnectionState {
    return this.#connection;
  }

  now(): number {
    return this.#clock.now();
  }

  /** @throws Error naming the field when the command is not one the server would accept. */
  async send(draft: CommandDraft): Promise<string> {
    const at = this.now();
    const input = { ...draft, id: createUuidV7(at), at } as CommandInput;
    const parsed = commandSchema.safeParse(input);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new Error(`this ${draft.type} cannot be sent: ${issue?.path.join('.')} ${issue?.message}`);
    }
    const { conversationId, messageId } = commandTarget(parsed.data);
    const shownIn = messageId === null ? conversationId : await this.model.findConversationOf(messageId);
    await this.#outbox.add(input, shownIn);
    return input.id;
  }

  sayTyping(conversationId: string, typing: boolean): void {
    this.#say({ word: 'typing', conversationId, typing });
  }

  look(conversationId: string | null): void {
    this.attendance.look(conversationId);
  }

  sayWriting(conversationId: string, writing: boolean): void {
    if (writing) this.attendance.write(conversationId);
    else this.attendance.rest();
  }

  saySeen(conversationId: string, messageId: string): void {
    this.#say({ word: 'seen', conversationId, messageId });
  }

  setPresence(state: Presence): void {
    if (state === this.whereabouts.own) return;
    this.#keepPresence(state);
    this.#hear({ word: 'presence', state });
    this.#link.pass({ word: 'presence', state });
  }

  async dismissProblem(commandId: string): Promise<void> {
    const { held = false } = this.model.problems.find((problem) => problem.commandId === commandId) ?? {};
    // Queued first: after a crash in between the agent is asked once more, and the second answer changes nothing.
    if (held) await this.send({ type: 'discard', commandId });
    await this.#outbox.forget(commandId);
  }

  async dropOtherDraft(conversationId: string, mode: ComposerMode): Promise<void> {
    const draft = this.personal.findDivided(conversationId, mode);
    if (!draft) return;
    const { text, version: base } = draft;
    await this.send({
      type: 'set-personal',
      item: { kind: 'draft', conversationId, mode, text, base, dropOther: true },
    });
    this.personal.changed.emit();
  }

  async confirmHeld(commandId: string): Promise<void> {
    const held = this.model.findHeld(commandId);
    if (held) await this.send(toConfirmation(held));
    await this.#outbox.forget(commandId);
  }

  /** Compares this device's copy with the server's and repairs it. Null when that is not possible here and now. */
  async verifyCopy(): Promise<VerifyReport | null> {
    return (await this.#sync?.verify()) ?? null;
  }

  retryNow(): void {
    if (this.#sync) this.#sync.reconnect();
    else this.#link.askReconnect();
  }

  /** Stops sending and reading in this agent's name; what is on the device stays. */
  lock(): void {
    this.#sync?.lock();
    this.#show({ kind: 'locked' }, []);
  }

  /** The server says that nothing of this agent may lie here any more. What a crash leaves is erased at the next start. */
  eraseAll(reason: ErasingReason): Promise<void> {
    this.#erasing ??= this.#eraseAll(reason);
    return this.#erasing;
  }

  async #eraseAll(reason: ErasingReason): Promise<void> {
    this.#beside?.begin(reason);
    this.#link.sayErased(reason);
    this.lock();
    try {
      await this.#shutDown(true);
      await this.#beside?.finish();
    } finally {
      this.#tellErased(reason);
    }
  }

  async #leaveErased(reason: ErasingReason): Promise<void> {
    this.lock();
    await this.#shutDown(false);
    this.#tellErased(reason);
  }

  #tellErased(reason: ErasingReason): void {
    for (const listener of this.#erasedListeners) listener(reason);
  }

  onErased(listener: (reason: ErasingReason) => void): () => void {
    this.#erasedListeners.add(listener);
    return () => this.#erasedListeners.delete(listener);
  }

  async logOut({ erase }: { erase: boolean }): Promise<void> {
    this.#link.sayLoggedOut();
    this.lock();
    await this.#endSession();
    await this.#shutDown(erase);
    if (erase) await this.#beside?.finish();
  }

  close(): Promise<void> {
    return this.#shutDown(false);
  }

  #shutDown(erase: boolean): Promise<void> {
    this.#closing ??= this.#end(erase);
    return this.#closing;
  }

  async #end(erase: boolean): Promise<void> {
    this.#onClosing();
    this.#stopListening();
    await this.#leadership.close();
    this.#link.close();
    await this.drafts.close();
    this.model.close();
    this.attendance.look(null);
    this.whereabouts.close();
    this.personal.close();
    this.#outbox.close();
    const databases = [this.#databases.replica, this.#databases.own];
    await Promise.all(databases.map((database) => (erase ? database.remove() : database.close())));
  }

  async #lead(options: DeskRuntimeOptions): Promise<() => Promise<void>> {
    const { collections } = this.#databases.replica;
    const stopWatching = options.whileLeading?.({
      agentId: this.agent.id,
      collections,
      model: this.model,
      connection: () => this.#connection,
      onConnection: (listener) => this.connectionChanged.subscribe(listener),
    });
    const sync = await startDeviceSync({
      collections,
      outbox: this.#outbox,
      transport: options.transport,
      clock: this.#clock,
      onState: (state) => {
        this.#show(state, this.#inFlight);
        this.#tell();
      },
      onInFlight: (ids) => {
        this.#show(this.#connection, ids);
        this.#tell();
      },
      greeting: () => ({ word: 'presence', state: this.whereabouts.own }),
      onPresence: (agents) => this.whereabouts.acceptPresence(agents),
      onTyping: (news) => this.whereabouts.acceptTyping(news),
      onPresent: (news) => {
        if (news.agentId !== this.agent.id) this.whereabouts.acceptPresent(news);
      },
      ...(options.schedule ? { schedule: options.schedule } : {}),
      ...(options.now ? { now: options.now } : {}),
    });
    this.#sync = sync;
    const drafts = this.#syncDrafts(options.schedule);
    const stopTelling = this.whereabouts.changed.subscribe(() => this.#tell());
    this.#tell();
    return async () => {
      this.#sync = null;
      stopTelling();
      stopWatching?.();
      await drafts.close();
      await sync.close();
    };
  }

  #syncDrafts(schedule: Schedule = scheduleWithTimers): DraftSync {
    const { drafts, personal } = this;
    return new DraftSync({
      agentId: this.agent.id,
      drafts: {
        all: () => drafts.all(),
        find: (id) => drafts.find(id),
        note: (id, change) => drafts.note(id, change),
        onChange: (listener) => drafts.changed.subscribe(listener),
      },
      personal: { drafts: () => personal.drafts(), onChange: (listener) => personal.changed.subscribe(listener) },
      ready: Promise.all([drafts.loaded, personal.loaded, this.#outbox.loaded]),
      pending: () => personal.pending(),
      onAnswered: (listener) => this.#outbox.onChange(listener),
      send: (command) => this.send(command),
      schedule,
    });
  }

  #show(connection: ConnectionState, inFlight: readonly string[]): void {
    this.#inFlight = inFlight;
    this.model.setInFlight(inFlight);
    if (connection === this.#connection) return;
    const wasOnline = this.#connection.kind === 'online';
    this.#connection = connection;
    // What was said without a connection is lost.
    if (!wasOnline && connection.kind === 'online') this.attendance.repeat();
    this.connectionChanged.emit();
  }

  #tell(): void {
    if (!this.#sync) return;
    this.#link.sayStatus({
      connection: this.#connection,
      inFlight: this.#inFlight,
      clockOffsetMs: this.#clock.offsetMs,
      presences: this.whereabouts.presences && Object.fromEntries(this.whereabouts.presences),
      typing: this.whereabouts.typing,
      present: this.whereabouts.present,
    });
  }

  /** Only the leading tab has a connection. */
  #say(word: LiveWord): void {
    if (this.#sync) this.#sync.say(word);
    else this.#link.pass(word);
  }

  /** From this tab or another one. What the agent chose is told to every tab, the rest is the leader's to pass on. */
  #hear(word: LiveWord): void {
    if (word.word === 'presence') this.whereabouts.choose(word.state);
    this.#sync?.say(word);
  }
}

interface Databases {
  replica: Awaited<ReturnType<typeof openReplicaDatabase>>;
  own: Awaited<ReturnType<typeof openOwnDatabase>>;
}

/** Opens the stores and starts the desk. Resolves when everything local can be shown; the network is not waited for. */
export async function startDesk(options: DeskRuntimeOptions): Promise<DeskRuntime> {
  const { name, replicaStorage, ownStorage, multiTab: multiInstance } = options;
  const [replica, own] = await Promise.all([
    openReplicaDatabase({ name, storage: replicaStorage, multiInstance }),
    openOwnDatabase({ name, storage: ownStorage, multiInstance }),
    removeOldReplicas({ name, storage: replicaStorage, multiInstance }),
  ]);
  // The schema names only the id: other fields have no getters.
  const position = (await replica.collections.meta.findOne('position').exec())?.toJSON();
  const desk = new DeskRuntime(options, { replica, own }, position?.clockOffsetMs ?? 0);
  await Promise.all([desk.model.ready, desk.drafts.loaded]);
  return desk;
}
