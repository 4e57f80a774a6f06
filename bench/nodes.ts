import { connectAccounts } from './lib/accounts.ts';
import { openBacklog } from './lib/backlog.ts';
import { runLoad } from './lib/load.ts';
import { type BenchServer, startBenchNode, startBenchServer } from './lib/processes.ts';
import { type Measurement, median, spreadOf } from './lib/report.ts';
import { buildShopifyRequest, prepare } from './lib/requests.ts';

const RUNS = 5;
const SECONDS = 2;
const CONNECTIONS = 20;
const PREPARED = 20_000;

/**
 * What a second node on the same database costs: processor time of all nodes per event, taken in and processed, with two
 * nodes that share the load against one. Throughput stands beside it; on a machine with two cores it says little.
 */
export async function benchNodes(): Promise<Measurement[]> {
  const first = await startBenchServer();
  const backlog = openBacklog(first.databaseUrl);
  let second: BenchServer | null = null;
  try {
    const { shopifyPath } = await connectAccounts(first);
    let used = 0;
    const measure = async (nodes: readonly BenchServer[]): Promise<{ cpuMs: number; rate: number }> => {
      const spent = async () =>
        (await Promise.all(nodes.map((node) => node.cpuMs()))).reduce((sum, one) => sum + one, 0);
      const before = await spent();
      const startedAt = performance.now();
      const results = await Promise.all(
        nodes.map((node) => {
          const next = prepare(PREPARED, (index) => buildShopifyRequest(shopifyPath, index), used);
          used += PREPARED;
          return runLoad(node.port, { connections: CONNECTIONS, seconds: SECONDS }, next);
        }),
      );
      const refused = results.reduce((sum, result) => sum + result.refused, 0);
      if (refused > 0) throw new Error(`${refused} requests were refused`);
      await backlog.waitUntilEmpty(120);
      const seconds = (performance.now() - startedAt) / 1_000;
      const events = results.reduce((sum, result) => sum + result.answered, 0);
      return { cpuMs: ((await spent()) - before) / events, rate: events / seconds };
    };
    await measure([first]); // warms up
    const one: Awaited<ReturnType<typeof measure>>[] = [];
    const two: Awaited<ReturnType<typeof measure>>[] = [];
    for (let run = 0; run < RUNS; run++) {
      one.push(await measure([first]));
      const node = await startBenchNode(first);
      second = node;
      await measure([node]); // warms up
      two.push(await measure([first, node]));
      second = null;
      await node.close();
    }
    const ratios = two.map(({ cpuMs }, run) => cpuMs / (one[run]?.cpuMs ?? 1));
    const cpuOf = (runs: typeof one) => median(runs.map(({ cpuMs }) => cpuMs));
    const rateOf = (runs: typeof one) => median(runs.map(({ rate }) => rate));
    return [
      { name: 'CPU per event, one node', value: cpuOf(one), unit: 'ms', n: RUNS },
      {
        name: 'CPU per event, two nodes together',
        value: cpuOf(two),
        unit: 'ms',
        ratio: median(ratios),
        against: 'one node',
        spread: spreadOf(ratios),
        n: RUNS,
        limit: '<= 1.3',
        ok: median(ratios) <= 1.3,
      },
      { name: 'throughput, one node', value: rateOf(one), unit: 'events/s', n: RUNS },
      { name: 'throughput, two nodes', value: rateOf(two), unit: 'events/s', n: RUNS },
    ];
  } finally {
    await second?.close();
    backlog.close();
    await first.close();
  }
}
