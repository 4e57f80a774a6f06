import { writeFileSync } from 'node:fs';
import { benchGrowth } from './growth.ts';
import { benchIngest } from './ingest.ts';
import { benchLatency } from './latency.ts';
import { type Measurement, printTable } from './lib/report.ts';
import { benchNodes } from './nodes.ts';
import { benchReconnect } from './reconnect.ts';
import { benchSlowDisk } from './slow-disk.ts';
import { benchSockets } from './sockets.ts';
import { benchStorage } from './storage.ts';

const BENCHES: Readonly<Record<string, () => Promise<Measurement[]>>> = {
  growth: benchGrowth,
  ingest: benchIngest,
  latency: benchLatency,
  nodes: benchNodes,
  reconnect: benchReconnect,
  'slow-disk': benchSlowDisk,
  sockets: benchSockets,
  storage: benchStorage,
};

const args = process.argv.slice(2);
const jsonAt = args.indexOf('--json');
const jsonFile = jsonAt < 0 ? null : (args.splice(jsonAt, 2)[1] ?? null);
const names = args.length > 0 ? args : Object.keys(BENCHES);
const rows: Measurement[] = [];
for (const name of names) {
  const bench = BENCHES[name];
  if (!bench) {
    process.stderr.write(`There is no benchmark "${name}". Choose from: ${Object.keys(BENCHES).join(', ')}.\n`);
    process.exit(2);
  }
  process.stdout.write(`\n${name}\n`);
  const measured = await bench();
  printTable(measured);
  rows.push(...measured);
}
if (jsonFile) writeFileSync(jsonFile, `${JSON.stringify(rows, null, 2)}\n`);
process.exitCode = rows.some((row) => row.ok === false) ? 1 : 0;
