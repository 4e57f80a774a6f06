import { setTimeout as sleep } from 'node:timers/promises';
import { createUuidV7 } from '@tradewind/shared/ids';
import type { ChangesFrame } from '@tradewind/shared/protocol/sync';
import { sql } from 'kysely';
import { io } from 'socket.io-client';
import { openTestReplica } from '../apps/desktop/src/renderer/replication/testing/open-replica.ts';
import { type Db, openDatabase } from '../apps/sync-server/src/db/database.ts';
import { Inbox } from '../apps/sync-server/src/ingest/inbox.ts';
import { type BenchAccounts, connectAccounts } from './lib/accounts.ts';
import { type BenchServer, startBenchServer } from './lib/processes.ts';
import { type Measurement, median, percentile } from './lib/report.ts';
import { buildMailgunForm } from './lib/requests.ts';

const ROUNDS = 300;
const WARM_UP = 30;
// An idle desk: one event has come to rest before the next one comes.
const PAUSE_MS = 15;
const LOST_MS = 10_000;

/**
 * From a webhook's answer to the emission of a console's query that shows it, against R: the sum of the medians of its
 * parts, each measured alone in this run. The console's storage is RxDB's memory storage, the fastest there is: the ratio
 * is not flattered by a slow part that both sides share.
 */
export async function benchLatency(): Promise<Measurement[]> {
  const server = await startBenchServer();
  const database = openDatabase(server.databaseUrl, { maxConnections: 4 });
  try {
    const accounts = await connectAccounts(server);
    const whole = await measureWhole(server, accounts);
    const parts = [
      ['queue insert to worker', await measureQueue(database)],
      ['one commit', await measureCommit(database.db)],
      ['one socket round trip', await measureSocket(server)],
      ['RxDB insert to emission', await measureEmission()],
    ] as const;
    const sum = parts.reduce((total, [, times]) => total + median(times), 0);
    const p50 = median(whole);
    const p99 = percentile(whole, 0.99);
    const against = `R = ${sum.toFixed(2)} ms`;
    return [
      ...parts.map(([name, times]) => ({
        name: `part: ${name}, p50`,
        value: median(times),
        unit: 'ms',
        n: times.length,
      })),
      {
        name: 'webhook answered to emission, p50',
        value: p50,
        unit: 'ms',
        ratio: p50 / sum,
        against,
        n: ROUNDS,
        limit: '<= 1.5',
        ok: p50 <= 1.5 * sum,
      },
      {
        name: 'webhook answered to emission, p99',
        value: p99,
        unit: 'ms',
        ratio: p99 / sum,
        against,
        n: ROUNDS,
        limit: '<= 6',
        ok: p99 <= 6 * sum,
      },
    ];
  } finally {
    await database.close();
    await server.close();
  }
}

async function measureWhole(server: BenchServer, accounts: BenchAccounts): Promise<number[]> {
  const { replica, collections, close } = await openTestReplica();
  const socket = io(`http://127.0.0.1:${server.port}`, { auth: { token: server.token }, transports: ['websocket'] });
  socket.on('changes', (frame: ChangesFrame) => {
    const position = { checkpoint: frame.checkpoint, accessVersion: frame.accessVersion, clockOffsetMs: 0 };
    void replica.applyChanges(frame.changes, position);
  });
  await new Promise((resolve) => socket.once('connect', () => resolve(null)));
  let seen: (text: string) => void = () => undefined;
  const query = collections.conversations.find({ sort: [{ lastMessageAt: 'desc' }], limit: 50 });
  const subscription = query.$.subscribe((conversations) => {
    // The schema names only what queries need; the rest of the document is in its JSON.
    const [newest] = conversations;
    if (newest) seen((newest.toJSON() as { subject?: string }).subject ?? '');
  });
  const times: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const subject = `latency ${round}`;
    const emitted = new Promise<number>((resolve) => {
      seen = (text) => {
        if (text === subject) resolve(performance.now());
      };
    });
    const form = buildMailgunForm(round, subject);
    const response = await fetch(`http://127.0.0.1:${server.port}${accounts.mailgunPath}`, {
      method: 'POST',
      body: form,
    });
    const answeredAt = performance.now();
    if (response.status !== 200) throw new Error(`the webhook was answered ${response.status}`);
    const emittedAt = await Promise.race([emitted, sleep(LOST_MS, null)]);
    if (emittedAt === null) throw new Error(`a change was not emitted within ${LOST_MS} ms`);
    if (round >= WARM_UP) times.push(Math.max(0, emittedAt - answeredAt));
    await sleep(PAUSE_MS);
  }
  subscription.unsubscribe();
  socket.close();
  await close();
  return times;
}

async function repeat(measure: (round: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const startedAt = performance.now();
    await measure(round);
    if (round >= WARM_UP) times.push(performance.now() - startedAt);
    await sleep(PAUSE_MS);
  }
  return times;
}

/** An event stored in the queue until a worker, woken by that, has read it. */
function measureQueue({ pool, db }: { pool: ConstructorParameters<typeof Inbox>[0]; db: Db }): Promise<number[]> {
  let worker: () => Promise<unknown> = () => Promise.resolve();
  const inbox = new Inbox(pool, () => void worker());
  return repeat(
    (round) =>
      new Promise<void>((resolve, reject) => {
        const accountId = 'queue-alone';
        worker = () =>
          db
            .transaction()
            .execute((tx) =>
              sql`select e.* from inbound_states s join inbound_events e on e.id = s.event_id
                  where s.account_id = ${accountId} and s.state = 'pending' order by s.event_id desc limit 1 for update of s skip locked`.execute(
                tx,
              ),
            )
            .then(() => resolve(), reject);
        const event = {
          accountId,
          topic: 'bench',
          dedupeKey: null,
          lane: 0,
          pathSuffix: '',
          headers: {},
          body: Buffer.alloc(1024),
          bodySha256: null,
          receivedAt: round,
          oneTimeToken: null,
        };
        inbox.store(event).catch(reject);
      }),
  );
}

function measureCommit(db: Db): Promise<number[]> {
  return repeat((round) =>
    db
      .insertInto('teams')
      .values({ id: createUuidV7(), name: `bench ${round}`, created_at: round })
      .execute(),
  );
}

async function measureSocket(server: BenchServer): Promise<number[]> {
  const socket = io(`http://127.0.0.1:${server.port}`, { auth: { token: server.token }, transports: ['websocket'] });
  await new Promise((resolve) => socket.once('connect', () => resolve(null)));
  // An empty batch is refused without touching the database: what remains is the way there and back.
  const times = await repeat(() => socket.emitWithAck('commands', { commands: [] }));
  socket.close();
  return times;
}

async function measureEmission(): Promise<number[]> {
  const { collections, close } = await openTestReplica();
  let seen: (id: string) => void = () => undefined;
  const query = collections.directory.find({ sort: [{ id: 'desc' }], limit: 50 });
  const subscription = query.$.subscribe((entries) => {
    for (const entry of entries) seen(entry.id);
  });
  const times = await repeat(
    () =>
      new Promise<void>((resolve) => {
        const id = createUuidV7();
        seen = (emitted) => {
          if (emitted === id) resolve();
        };
        void collections.directory.insert({
          id,
          kind: 'team',
          name: 'bench',
          createdSeq: 1,
          replicaSeq: 1,
          replicaEpoch: 1,
        });
      }),
  );
  subscription.unsubscribe();
  await close();
  return times;
}
