import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { chromium, type Page } from '@playwright/test';
import { layoutOf, toColumns, toTables } from 'rxdb-storage-sqlite/layout';
import { build, preview } from 'vite';
import { type Measurement, median, spreadOf } from './lib/report.ts';
import { filledMessages, messageAt, toStored } from './storage/documents.ts';
import type { Bench, Kind } from './storage/page.ts';

declare const bench: Bench;

const SIZES = (process.env.STORAGE_SIZES ?? '10000,100000').split(',').map(Number);
const RUNS = Number(process.env.STORAGE_RUNS ?? 3);
const CONVERSATIONS = 20_000;
const ASKED = 20;

/** RxStorages in Chromium: a first sync, the queries of a console, growth. Ours on OPFS, RxDB's Dexie, bare node:sqlite. */
export async function benchStorage(): Promise<Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-storage-'));
  const root = join(import.meta.dirname, 'storage');
  const config = {
    root,
    configFile: false as const,
    logLevel: 'warn' as const,
    build: { outDir: join(folder, 'page'), emptyOutDir: true },
  };
  await build({ ...config, worker: { format: 'es' } });
  const server = await preview({ ...config, preview: { port: 0, host: '127.0.0.1' } });
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
  });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(0);
    await page.goto(server.resolvedUrls?.local[0] ?? '');
    const rows: Measurement[] = [];
    for (const size of SIZES) rows.push(...(await benchSync(page, size, folder)));
    rows.push(...(await benchQueries(page)));
    return rows;
  } finally {
    await context.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function benchSync(page: Page, size: number, folder: string): Promise<Measurement[]> {
  const rates: Record<string, number[]> = {
    ours: [],
    'ours by replication': [],
    'Dexie by replication': [],
    'node:sqlite': [],
  };
  const ways = [
    ['ours', 'sqlite', 'own'],
    ['ours by replication', 'sqlite', 'replication'],
    ['Dexie by replication', 'dexie', 'replication'],
  ] as const;
  for (let run = 0; run < RUNS; run++) {
    for (const [name, kind, way] of ways) {
      await page.evaluate(([k, n]) => bench.open(k as Kind, n as string), [kind, `${kind}${way}${size}-${run}`]);
      const ms = await page.evaluate(([w, n]) => bench.sync(w as 'own', n as number), [way, size] as const);
      rates[name]?.push((size / ms) * 1000);
      await page.evaluate(() => bench.remove());
    }
    rates['node:sqlite']?.push(writeBare(size, join(folder, `bare-${size}-${run}.sqlite`)));
  }
  const of = (name: string) => rates[name] ?? [];
  const ours = of('ours');
  const against = (name: string) => median(ours.map((rate, run) => rate / (of(name)[run] ?? Number.NaN)));
  const row = (name: string): Measurement => ({
    name: `first sync, ${size} documents: ${name}`,
    value: median(of(name)),
    unit: 'documents/s',
    spread: spreadOf(of(name)),
    n: RUNS,
  });
  return [
    {
      ...row('ours'),
      ratio: against('Dexie by replication'),
      against: 'Dexie by replication',
      limit: '>= 5',
      ok: against('Dexie by replication') >= 5,
    },
    {
      ...row('node:sqlite'),
      ratio: against('node:sqlite'),
      against: 'ours to this',
      limit: '>= 0.25',
      ok: against('node:sqlite') >= 0.25,
    },
    row('ours by replication'),
    row('Dexie by replication'),
  ];
}

/** The same rows and indexes by SQLite alone. Bodies are made inside the time, as everywhere. */
function writeBare(size: number, path: string): number {
  const db = new DatabaseSync(path);
  const layout = layoutOf(filledMessages as never);
  db.exec('PRAGMA page_size=16384; PRAGMA locking_mode=exclusive; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL');
  for (const sql of toTables(layout, 1)) db.exec(sql);
  const columns = layout.fields.map(({ column }) => column).join(', ');
  const insert = db.prepare(
    `INSERT INTO d1 (rev, ${columns}, body) VALUES (?, ${layout.fields.map(() => '?').join(', ')}, ?)`,
  );
  const startedAt = performance.now();
  for (let from = 0; from < size; from += 2000) {
    db.exec('BEGIN');
    for (let at = from; at < Math.min(size, from + 2000); at++) {
      const document = toStored(messageAt(at), 1000 + at);
      insert.run(document._rev, ...toColumns(layout, document).values, JSON.stringify(document));
    }
    db.exec('COMMIT');
  }
  const rate = (size / (performance.now() - startedAt)) * 1000;
  db.close();
  return rate;
}

async function benchQueries(page: Page): Promise<Measurement[]> {
  const results: Record<Kind, Map<string, { ms: number[]; found: number }>> = { sqlite: new Map(), dexie: new Map() };
  for (const kind of ['sqlite', 'dexie'] as const) {
    await page.evaluate(([k]) => bench.open(k as Kind, `queries-${k}`), [kind]);
    await page.evaluate((count) => bench.sync('own', count), 100_000);
    await page.evaluate((count) => bench.fillConversations(count), CONVERSATIONS);
    for (const name of await page.evaluate(() => bench.names())) {
      results[kind].set(
        name,
        await page.evaluate(([n, times]) => bench.ask(n as string, times as number), [name, ASKED]),
      );
    }
    await page.evaluate(() => bench.remove());
  }
  return [...results.sqlite].flatMap(([name, { ms, found }]) => {
    const theirs = results.dexie.get(name);
    if (!theirs || theirs.found !== found) throw new Error(`${name}: ${found} and ${theirs?.found} were found`);
    const ratio = median(ms) / median(theirs.ms);
    const inverted = median(results.dexie.get('list by inverted key')?.ms ?? []);
    const limit = name === 'list newest first' ? 1 / 50 : name === 'list by inverted key' ? Number.NaN : 1.2;
    const row: Measurement = { name, value: median(ms), unit: 'ms', spread: spreadOf(ms), n: ASKED };
    const rows: Measurement[] = [
      {
        ...row,
        ratio,
        against: `Dexie (${median(theirs.ms).toFixed(2)} ms)`,
        ...(Number.isNaN(limit) ? {} : { limit: `<= ${limit}`, ok: ratio <= limit }),
      },
    ];
    if (name === 'list newest first') {
      rows.push({
        ...row,
        ratio: median(ms) / inverted,
        against: `Dexie by an inverted key (${inverted.toFixed(2)} ms)`,
        limit: '<= 1.0',
        ok: median(ms) <= inverted,
      });
    }
    return rows;
  });
}
