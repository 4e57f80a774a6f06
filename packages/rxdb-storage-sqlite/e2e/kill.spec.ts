import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, test } from '@playwright/test';
import type { Page as Api } from './page/page.ts';

declare const page: Api;

/** How often the whole browser is killed in the middle of writing; 50 for a thorough run. */
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 3);
const BULK = 200;

type Browser = { process: ChildProcess; connect: () => ReturnType<typeof connect> };

function startBrowser(profile: string): Browser {
  const path = process.env.CHROMIUM_PATH ?? process.env.CHROMIUM ?? '/usr/bin/chromium';
  const args = ['--headless', '--no-sandbox', '--no-first-run', '--disable-component-update', '--disable-gpu'];
  // Detached: a process group of its own, which can be killed as a whole.
  const browser = spawn(path, [...args, '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'], {
    detached: true,
    stdio: 'ignore',
  });
  return { process: browser, connect: () => connect(profile) };
}

async function connect(profile: string) {
  let port = '';
  await expect
    .poll(() => {
      try {
        [port = ''] = readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n');
      } catch {
        return '';
      }
      return port;
    })
    .not.toBe('');
  return chromium.connectOverCDP(`http://127.0.0.1:${port}`);
}

async function kill({ process: { pid, exitCode } }: Browser): Promise<void> {
  if (pid === undefined || exitCode !== null) return;
  process.kill(-pid, 'SIGKILL');
  await expect
    .poll(() => {
      try {
        process.kill(-pid, 0);
        return 'alive';
      } catch {
        return 'dead';
      }
    })
    .toBe('dead');
}

test(`the browser is killed in the middle of bulk writes, ${ROUNDS} times: all that was acknowledged is there`, async () => {
  test.setTimeout(60_000 + ROUNDS * 20_000);
  const profile = mkdtempSync(join(tmpdir(), 'rxdb-sqlite-profile-'));
  const acknowledged: number[] = [];
  let next = 0;
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      rmSync(join(profile, 'DevToolsActivePort'), { force: true });
      const browser = startBrowser(profile);
      const connection = await browser.connect();
      const tab = await (connection.contexts()[0] ?? (await connection.newContext())).newPage();
      await tab.goto(process.env.STORAGE_PAGE ?? '');
      await tab.evaluate(() => page.open('kill'));
      expect(await tab.evaluate(() => page.check())).toBe('ok');
      for (const from of acknowledged) {
        const ids = Array.from({ length: BULK }, (_, at) => `t${String(from + at).padStart(9, '0')}`);
        expect(await tab.evaluate((all) => page.has(all), ids), `bulk ${from}, round ${round}`).toBe(BULK);
      }
      expect((await tab.evaluate(() => page.count())) % BULK, 'no bulk is there by half').toBe(0);
      if (round === ROUNDS) {
        await kill(browser);
        break;
      }
      const before = acknowledged.length;
      const writing = (async () => {
        for (;;) {
          const from = next;
          next += BULK;
          await tab.evaluate(([at, count]) => page.write(at as number, count as number), [from, BULK]);
          acknowledged.push(from);
        }
      })().catch(() => 'killed');
      // At another point of a write in every round.
      await expect.poll(() => acknowledged.length, { intervals: [5 + round * 3] }).toBeGreaterThan(before + 3);
      await kill(browser);
      expect(await writing).toBe('killed');
    }
    test.info().annotations.push({ type: 'acknowledged', description: `${acknowledged.length * BULK} documents` });
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
});
