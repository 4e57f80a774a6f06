import { setTimeout as sleep } from 'node:timers/promises';
import { connectAccounts } from './lib/accounts.ts';
import { openBacklog } from './lib/backlog.ts';
import { runLoad } from './lib/load.ts';
import { type BenchServer, startBenchServer } from './lib/processes.ts';
import { type Measurement, median } from './lib/report.ts';
import { buildMailgunRequest, prepare } from './lib/requests.ts';

const SIZES = [1_000, 10_000, 100_000];
const PROBE_EVENTS = 2_000;
const PROBES = 15;
// Not one of today's limits: what users would notice.
const MOST_GROWTH = 1.5;

/** How the cost of everyday work grows from a thousand to a hundred thousand messages. */
export async function benchGrowth(): Promise<Measurement[]> {
  const server = await startBenchServer();
  const backlog = openBacklog(server.databaseUrl);
  const costs = new Map<string, number[]>();
  try {
    const { mailgunPath } = await connectAccounts(server);
    let sent = 0;
    const send = async (count: number) => {
      const next = prepare(count, (index) => buildMailgunRequest(mailgunPath, index), sent);
      sent += count;
      await runLoad(server.port, { connections: 50, seconds: 300 }, next);
    };
    for (const size of SIZES) {
      while (sent < size - PROBE_EVENTS) {
        await send(Math.min(5_000, size - PROBE_EVENTS - sent));
        await backlog.waitUntilEmpty(120);
      }
      for (const [name, milliseconds] of await probe(server, backlog, send)) {
        costs.set(name, [...(costs.get(name) ?? []), milliseconds]);
      }
    }
  } finally {
    await backlog.close();
    await server.close();
  }
  return [...costs].flatMap(([name, values]) =>
    values.map((value, at): Measurement => {
      const growth = value / (values[0] ?? value);
      const last = at === values.length - 1;
      return {
        name: `${name}, ${SIZES[at]} messages`,
        value,
        unit: 'ms',
        ratio: growth,
        against: `${SIZES[0]} messages`,
        n: PROBES,
        ...(last ? { limit: `<= ${MOST_GROWTH}`, ok: growth <= MOST_GROWTH } : {}),
      };
    }),
  );
}

async function probe(
  server: BenchServer,
  backlog: ReturnType<typeof openBacklog>,
  send: (count: number) => Promise<void>,
): Promise<[string, number][]> {
  await server.setPaused(true);
  await send(PROBE_EVENTS);
  const startedAt = performance.now();
  await server.setPaused(false);
  await backlog.waitUntilEmpty(60);
  const perEvent = (performance.now() - startedAt) / PROBE_EVENTS;
  await sleep(500);
  const page = (await server.api('GET', '/api/sync/changes?limit=1')) as { checkpoint: string };
  const time = async (path: string) => {
    const times: number[] = [];
    for (let round = 0; round < PROBES; round++) {
      const at = performance.now();
      await server.api('GET', path);
      times.push(performance.now() - at);
    }
    return median(times);
  };
  return [
    ['processing one event', perEvent],
    ['page of 1,000 changes', await time(`/api/sync/changes?limit=1000&checkpoint=${page.checkpoint}`)],
    ['page of 1,000 of a snapshot', await time('/api/sync/snapshot?part=open&limit=1000')],
    ['newest 50 conversations', await time('/api/conversations?limit=50')],
    ['conversations of one status', await time('/api/conversations?status=pending&limit=50')],
  ];
}
