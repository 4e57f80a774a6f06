import { setTimeout as sleep } from 'node:timers/promises';
import { type DeskRuntime, startDesk } from '../apps/desktop/src/renderer/desk/desk-runtime.ts';
import { TestDevice } from '../apps/desktop/src/renderer/desk/testing/open-test-desk.ts';
import { createHttpTransport } from '../apps/desktop/src/renderer/replication/http-transport.ts';
import { openDatabase } from '../apps/sync-server/src/db/database.ts';
import { connectAccounts } from './lib/accounts.ts';
import { openBacklog } from './lib/backlog.ts';
import { runLoad } from './lib/load.ts';
import { type BenchServer, startBenchServer } from './lib/processes.ts';
import { type Measurement, median, spreadOf } from './lib/report.ts';
import { buildMailgunRequest, prepare } from './lib/requests.ts';

const RUNS = 5;
const MAILS_AT_FIRST = 10_000;
/** With the conversations they move, about 20,000 changes. */
const MAILS_MEANWHILE = 15_000;

/**
 * A console that was away for a working day: how soon one can work again, and how fast it catches up against how fast the
 * same console was filled at first. Real server and console; the console's storage is RxDB's memory storage.
 */
export async function benchReconnect(): Promise<Measurement[]> {
  const server = await startBenchServer();
  const backlog = openBacklog(server.databaseUrl);
  const database = openDatabase(server.databaseUrl, { maxConnections: 1 });
  try {
    const { mailgunPath } = await connectAccounts(server);
    const { id: agentId } = (await server.api('GET', '/api/me')) as { id: string };
    let sent = 0;
    const send = async (count: number) => {
      const next = prepare(count, (index) => buildMailgunRequest(mailgunPath, index), sent);
      sent += count;
      await runLoad(server.port, { connections: 50, seconds: 300 }, next);
      await backlog.waitUntilEmpty(120);
    };
    const countAfter = async (seq: number) => {
      const { rows } = await database.pool.query<{ count: number; head: number }>(
        'select count(*)::int as count, coalesce(max(seq), 0)::float8 as head from change_log where seq > $1',
        [seq],
      );
      return rows[0] ?? { count: 0, head: 0 };
    };
    await send(MAILS_AT_FIRST);
    const runs = { first: [] as number[], again: [] as number[], usable: [] as number[], changes: [] as number[] };
    for (let run = 0; run < RUNS; run++) {
      const { count: documents, head } = await countAfter(0);
      const console = openConsole(server, agentId);
      const first = await time(async () => {
        await console.start();
        await console.until((desk) => desk.connection.kind === 'online' && !('historyPercent' in desk.connection));
      });
      console.network.up = false;
      (await console.desk()).retryNow();
      await console.until((desk) => desk.connection.kind === 'offline');
      await send(MAILS_MEANWHILE);
      const { count: changes } = await countAfter(head);
      console.network.up = true;
      const desk = await console.desk();
      const again = time(async () => {
        desk.retryNow();
        await console.until(() => desk.connection.kind === 'online');
      });
      // While it catches up: the list is read, and something is done that the device keeps.
      runs.usable.push(await time(() => work(desk)));
      runs.again.push(changes / (await again));
      runs.first.push(documents / first);
      runs.changes.push(changes);
      await desk.close();
    }
    const ratios = runs.again.map((rate, run) => rate / (runs.first[run] ?? 1));
    return [
      { name: 'first sync', value: median(runs.first), unit: 'documents/s', n: RUNS },
      {
        name: `catching up with ${median(runs.changes)} changes`,
        value: median(runs.again),
        unit: 'changes/s',
        ratio: median(ratios),
        against: 'first sync',
        spread: spreadOf(ratios),
        n: RUNS,
        limit: '>= 0.5',
        ok: median(ratios) >= 0.5,
      },
      {
        name: 'list read and a command kept meanwhile',
        value: median(runs.usable) * 1_000,
        unit: 'ms',
        spread: spreadOf(runs.usable.map((seconds) => seconds * 1_000)),
        n: RUNS,
      },
    ];
  } finally {
    await database.close();
    await backlog.close();
    await server.close();
  }
}

function openConsole(server: BenchServer, agentId: string) {
  const network = { up: true };
  const through: typeof fetch = (input, init) =>
    network.up ? fetch(input, init) : Promise.reject(new TypeError('no network'));
  const { storage } = new TestDevice('memory');
  let starting: Promise<DeskRuntime> | null = null;
  const start = () =>
    startDesk({
      agent: { id: agentId, name: 'admin', email: 'admin@shop.example', role: 'admin' },
      name: `bench-${Math.random()}`,
      replicaStorage: storage,
      ownStorage: storage,
      multiTab: false,
      locks: null,
      transport: createHttpTransport({
        origin: network.up ? `http://127.0.0.1:${server.port}` : '',
        agentId,
        token: server.token,
        fetch: through,
      }),
      lastResort: { read: () => null, write: () => undefined },
      presence: { read: () => 'online', write: () => undefined },
      listenToDevice: () => () => undefined,
      endSession: async () => undefined,
    });
  const desk = () => {
    starting ??= start();
    return starting;
  };
  const until = async (isSo: (desk: DeskRuntime) => boolean) => {
    const opened = await desk();
    while (!isSo(opened)) await sleep(2);
  };
  return { network, start: desk, desk, until };
}

async function work(desk: DeskRuntime): Promise<void> {
  const [row] = desk.model.conversationList('all') ?? [];
  if (!row) throw new Error('the list is empty');
  await desk.send({ type: 'tag', conversationId: row.conversation.id, add: ['seen'], remove: [] });
}

async function time(measured: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await measured();
  return (performance.now() - startedAt) / 1_000;
}
