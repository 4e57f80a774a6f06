import type { CommandDoc } from '@tradewind/shared/protocol/commands';
import type { ReplicaDocs, SyncPosition } from '../db/documents.ts';
import type { CollectionsOf } from '../db/open-database.ts';
import { BackgroundReader } from './background-reader.ts';
import { Backoff } from './backoff.ts';
import { CommandSender } from './command-sender.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import type { ConnectionState } from './connection-state.ts';
import type { Outbox } from './outbox.ts';
import { reofferAfterRestore } from './reoffer.ts';
import { createReplica } from './replica.ts';
import type { ServerClock } from './server-clock.ts';
import { toHistoryPercent } from './snapshot-parts.ts';
import { type LiveWord, type Schedule, type SyncTransport, scheduleWithTimers } from './transport.ts';
import type { VerifyReport } from './verify-replica.ts';

export interface DeviceSyncOptions
  extends Pick<ConnectionOptions, 'greeting' | 'onPresence' | 'onTyping' | 'onPresent'> {
  collections: CollectionsOf<ReplicaDocs>;
  outbox: Outbox;
  transport: SyncTransport;
  clock: ServerClock;
  onState(state: ConnectionState): void;
  onInFlight(ids: readonly string[]): void;
  random?: () => number;
  now?: () => number;
  schedule?: Schedule;
}

export interface DeviceSync {
  /** Tries again at once: contact may be back, or the agent has logged in again. */
  reconnect(): void;
  /** The device may have slept or changed networks. */
  check(): void;
  markOffline(reason: string): void;
  say(word: LiveWord): void;
  /** Somebody looks at this conversation: what is missing of it is fetched first. */
  want(conversationId: string): void;
  /** Compares the copy with the server's and repairs it; null when that is not possible just now. */
  verify(): Promise<VerifyReport | null>;
  /** Stops asking and sending, because somebody else is logged in now. */
  lock(): void;
  close(): Promise<void>;
}

/** Everything that runs in the leading tab alone: keeping the replica at the head, and sending what waits. */
export async function startDeviceSync(options: DeviceSyncOptions): Promise<DeviceSync> {
  const { collections, outbox, transport, clock } = options;
  const { random = Math.random, now = Date.now, schedule = scheduleWithTimers } = options;
  const replica = await createReplica(collections);
  await outbox.loaded;

  const sender = new CommandSender({
    outbox,
    transport,
    schedule,
    backoff: new Backoff(random),
    epoch: () => replica.position.epoch,
    onInFlight: options.onInFlight,
    onServerTime: (serverTime, roundTripMs) => clock.observe(serverTime, roundTripMs),
    onStopped: (kind) => connection.lock(kind === 'outdated' ? 'outdated' : 'locked'),
  });
  const background = new BackgroundReader({
    replica,
    transport,
    clock,
    schedule,
    backoff: new Backoff(random),
    onRefused: (failure) => connection.report(failure),
  });
  const connection: Connection = new Connection({
    replica,
    transport,
    clock,
    schedule,
    now,
    backoff: new Backoff(random),
    onState(state) {
      if (state.kind === 'locked' || state.kind === 'outdated') sender.stop();
      if (state.kind === 'online') background.start();
      else background.stop();
      tell();
    },
    greeting: options.greeting,
    onPresence: options.onPresence,
    onTyping: options.onTyping,
    onPresent: options.onPresent,
    async onResync({ restoredAt }) {
      if (restoredAt !== null) await reofferAfterRestore(outbox, collections.messages, restoredAt);
    },
    onOnline() {
      sender.kick();
      background.wake();
    },
  });
  let historyPercent: number | null = null;
  function tell(): void {
    const { state } = connection;
    historyPercent = toHistoryPercent(replica.position.parts);
    options.onState(state.kind === 'online' && historyPercent !== null ? { kind: 'online', historyPercent } : state);
  }

  // The store refusing a write here costs a repetition: the entry is settled or forgotten the next time round.
  const inBackground = (work: Promise<void>) => void work.catch(() => undefined);
  const subscriptions = [
    collections.commands.eventBulks$.subscribe((bulk) => {
      // The answer came down through replication, perhaps before (or without) the answer to our own request.
      const docs = bulk.events.filter(({ operation }) => operation !== 'DELETE').map((event) => event.documentData);
      inBackground(outbox.settle(docs as CommandDoc[], replica.position.epoch));
    }),
    collections.meta.eventBulks$.subscribe((bulk) => {
      const position = bulk.events.at(-1)?.documentData as SyncPosition | undefined;
      if (position) inBackground(outbox.forgetReplicated(position, clock.now()));
    }),
    {
      unsubscribe: replica.onMove(() => {
        const { parts } = replica.position;
        if (connection.state.kind === 'online' && toHistoryPercent(parts) !== historyPercent) tell();
        background.wake();
      }),
    },
    { unsubscribe: outbox.onChange(() => inBackground(outbox.forgetReplicated(replica.position, clock.now()))) },
  ];
  inBackground(outbox.prune(clock.now()));
  connection.connect();
  sender.kick();

  return {
    reconnect() {
      connection.connect();
      sender.kick();
    },
    check: () => connection.check(),
    markOffline: (reason) => connection.markOffline(reason),
    say: (word) => connection.say(word),
    want: (conversationId) => background.want(conversationId),
    verify: () => background.verify(),
    lock: () => connection.lock('locked'),
    async close() {
      connection.close();
      for (const subscription of subscriptions) subscription.unsubscribe();
      await background.close();
      await sender.close();
      await replica.close();
    },
  };
}
