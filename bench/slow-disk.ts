import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAccounts } from './lib/accounts.ts';
import { openBacklog } from './lib/backlog.ts';
import { runLoad } from './lib/load.ts';
import { startBenchServer } from './lib/processes.ts';
import { type Measurement, median, spreadOf } from './lib/report.ts';
import { buildShopifyRequest, prepare } from './lib/requests.ts';

const RUNS = 5;
const EVENTS = 20_000;
const WANTED_PER_SECOND = 2_000;

// Every fsync and fdatasync takes 4 ms longer, as on a plain cloud disk.
const SHIM = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
static void wait4ms(void) { struct timespec t = {0, 4000000}; nanosleep(&t, 0); }
int fsync(int fd) { static int (*real)(int); if (!real) real = dlsym(RTLD_NEXT, "fsync"); wait4ms(); return real(fd); }
int fdatasync(int fd) { static int (*real)(int); if (!real) real = dlsym(RTLD_NEXT, "fdatasync"); wait4ms(); return real(fd); }
`;

/** @returns the shim's path, or null without a C compiler. */
function compileShim(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-slow-disk-'));
  chmodSync(folder, 0o755);
  const source = join(folder, 'slow-disk.c');
  const library = join(folder, 'slow-disk.so');
  writeFileSync(source, SHIM);
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl'], { stdio: 'pipe' });
    return library;
  } catch {
    return null; // no compiler here: the caller reports the bench as skipped by name
  }
}

/** Events taken in and processed per second while every flush of PostgreSQL takes 4 ms longer. */
export async function benchSlowDisk(): Promise<Measurement[]> {
  const shim = compileShim();
  if (!shim) {
    process.stdout.write('slow-disk: skipped, no C compiler (cc) on this machine\n');
    return [];
  }
  const server = await startBenchServer({ LD_PRELOAD: shim });
  const backlog = openBacklog(server.databaseUrl);
  const rates: number[] = [];
  try {
    const { shopifyPath } = await connectAccounts(server);
    for (let run = 0; run < RUNS; run++) {
      const next = prepare(EVENTS, (index) => buildShopifyRequest(shopifyPath, index), run * EVENTS);
      const startedAt = performance.now();
      const load = await runLoad(server.port, { connections: 50, seconds: 60 }, next);
      if (load.refused > 0 || load.answered !== EVENTS)
        throw new Error(`${load.answered} answered, ${load.refused} refused`);
      await backlog.waitUntilEmpty(60);
      rates.push(EVENTS / ((performance.now() - startedAt) / 1000));
    }
  } finally {
    await backlog.close();
    await server.close();
  }
  const value = median(rates);
  return [
    {
      name: 'events processed with 4 ms more per flush',
      value,
      unit: 'events/s',
      spread: spreadOf(rates),
      n: RUNS,
      limit: `>= ${WANTED_PER_SECOND}`,
      ok: value >= WANTED_PER_SECOND,
    },
  ];
}
