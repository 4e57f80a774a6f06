import { connectAccounts } from './lib/accounts.ts';
import { openBacklog } from './lib/backlog.ts';
import { runLoad } from './lib/load.ts';
import { startBareServer, startBenchServer } from './lib/processes.ts';
import { type Measurement, median, spreadOf } from './lib/report.ts';
import { buildMailgunRequest, buildShopifyRequest, prepare } from './lib/requests.ts';

const RUNS = 5;
const SECONDS = 2;
const CONNECTIONS = 50;
// More than either server can answer in the time of a run.
const PREPARED = 60_000;
const DRAIN_LIMIT_SECONDS = 10;

/**
 * Requests answered per second against bare `node:http` that reads and verifies the same request: with processing held
 * back, and end to end, where every event must also be processed within 10 s of the load's end.
 */
export async function benchIngest(): Promise<Measurement[]> {
  const server = await startBenchServer();
  const bare = await startBareServer();
  const backlog = openBacklog(server.databaseUrl);
  const rows: Measurement[] = [];
  try {
    const accounts = await connectAccounts(server);
    let used = 0;
    const load = async (port: number, kind: 'shopify' | 'mailgun') => {
      const build =
        kind === 'shopify'
          ? (index: number) => buildShopifyRequest(accounts.shopifyPath, index)
          : (index: number) => buildMailgunRequest(accounts.mailgunPath, index);
      const next = prepare(PREPARED, build, used);
      used += PREPARED;
      const result = await runLoad(port, { connections: CONNECTIONS, seconds: SECONDS }, next);
      if (result.refused > 0) throw new Error(`${result.refused} of ${result.answered} ${kind} requests were refused`);
      return result.answered / result.seconds;
    };
    for (const kind of ['shopify', 'mailgun'] as const) {
      const ratios = { paused: [] as number[], whole: [] as number[] };
      const rates = { paused: [] as number[], whole: [] as number[], drain: [] as number[] };
      for (let run = 0; run < RUNS; run++) {
        const peer = await load(bare.port, kind);
        await server.setPaused(true);
        const paused = await load(server.port, kind);
        await server.setPaused(false);
        await backlog.waitUntilEmpty(120);
        const whole = await load(server.port, kind);
        rates.drain.push(await backlog.waitUntilEmpty(120));
        rates.paused.push(paused);
        rates.whole.push(whole);
        ratios.paused.push(paused / peer);
        ratios.whole.push(whole / peer);
      }
      const against = 'bare node:http';
      rows.push(
        {
          name: `ingest ${kind}, processing paused`,
          value: median(rates.paused),
          unit: 'requests/s',
          ratio: median(ratios.paused),
          against,
          spread: spreadOf(ratios.paused),
          n: RUNS,
          limit: '>= 0.35',
          ok: median(ratios.paused) >= 0.35,
        },
        {
          name: `ingest ${kind}, end to end`,
          value: median(rates.whole),
          unit: 'requests/s',
          ratio: median(ratios.whole),
          against,
          spread: spreadOf(ratios.whole),
          n: RUNS,
          limit: '>= 0.08',
          ok: median(ratios.whole) >= 0.08,
        },
        {
          name: `backlog ${kind}, back to 0 after the load`,
          value: median(rates.drain),
          unit: 's',
          spread: spreadOf(rates.drain),
          n: RUNS,
          limit: `<= ${DRAIN_LIMIT_SECONDS}`,
          ok: Math.max(...rates.drain) <= DRAIN_LIMIT_SECONDS,
        },
      );
    }
  } finally {
    await backlog.close();
    await bare.close();
    await server.close();
  }
  return rows;
}
