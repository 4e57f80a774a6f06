import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import type { Page as Api } from './page/page.ts';

declare const page: Api;
const url = () => process.env.STORAGE_PAGE ?? '';

async function openPage(context: BrowserContext, name: string): Promise<Page> {
  const tab = await context.newPage();
  await tab.goto(url());
  await tab.evaluate((database) => page.open(database), name);
  return tab;
}

test('random queries on OPFS give what the memory storage gives', async ({ context }) => {
  const tab = await openPage(context, 'compare');
  expect(await tab.evaluate(() => page.compare(11, 300))).toBe(null);
  expect(await tab.evaluate(() => page.check())).toBe('ok');
  expect(await tab.evaluate(() => page.fallbacks)).toEqual([]);
});

test('what was written is there when the page is opened again', async ({ context }) => {
  const first = await openPage(context, 'again');
  await first.evaluate(() => page.write(0, 100));
  await first.close();
  const second = await openPage(context, 'again');
  expect(await second.evaluate(() => page.count())).toBe(100);
});

for (const way of ['closed', 'killed'] as const) {
  test(`two windows write at the same time; the owner is ${way}: the other goes on, nothing acknowledged is lost`, async ({
    context,
  }) => {
    const owner = await openPage(context, way);
    const other = await openPage(context, way);
    const acknowledged: number[] = [];
    let gapMs = 0;
    const writeFrom = async (tab: Page, start: number, isDone: () => boolean) => {
      for (let from = start; !isDone(); from += 50) {
        const startedAt = Date.now();
        const conflicts = await tab.evaluate((at) => page.write(at, 50), from);
        if (tab === other) gapMs = Math.max(gapMs, Date.now() - startedAt);
        expect(conflicts).toBe(0);
        acknowledged.push(from);
      }
    };
    let done = false;
    const gone = writeFrom(owner, 0, () => done).catch(() => 'gone');
    const going = writeFrom(other, 1_000_000, () => done);
    await expect.poll(() => acknowledged.length).toBeGreaterThan(6);
    if (way === 'closed') await owner.close();
    // The renderer dies as by SIGKILL: nothing of the page runs any more.
    else void owner.goto('chrome://kill').catch(() => undefined);
    await expect.poll(() => gone).toBe('gone');
    const before = acknowledged.length;
    await expect.poll(() => acknowledged.length).toBeGreaterThan(before + 4);
    done = true;
    await going;
    test.info().annotations.push({ type: 'longest write of the other window', description: `${gapMs} ms` });
    for (const from of acknowledged) {
      const ids = Array.from({ length: 50 }, (_, at) => `t${String(from + at).padStart(9, '0')}`);
      expect(await other.evaluate((all) => page.has(all), ids)).toBe(50);
    }
    expect((await other.evaluate(() => page.count())) % 50, 'no bulk is there by half').toBe(0);
    expect(await other.evaluate(() => page.check())).toBe('ok');
  });
}

test('a full disk is said clearly, and when there is room again the store goes on', async ({ context }) => {
  const tab = await openPage(context, 'full');
  const cdp = await context.newCDPSession(tab);
  await tab.evaluate(() => page.write(0, 10));
  const { origin } = new URL(url());
  await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 4_000_000 });
  let acknowledged = 0;
  const fill = async () => {
    for (let from = 1000; from < 3000; from += 100) {
      await tab.evaluate((at) => page.write(at, 100, 2000), from);
      acknowledged += 100;
    }
  };
  await expect(fill()).rejects.toThrow(/full|quota/i);
  await cdp.send('Storage.overrideQuotaForOrigin', { origin });
  expect(await tab.evaluate(() => page.write(9000, 10))).toBe(0);
  expect(await tab.evaluate(() => page.count())).toBe(10 + acknowledged + 10);
  expect(await tab.evaluate(() => page.check())).toBe('ok');
});

test('without OPFS the fallback takes over and says why', async ({ context }) => {
  await context.addInitScript(() => {
    // The worker is what asks; it gets a prelude that takes the method away, as in a browser that lacks it.
    const Original = Worker;
    globalThis.Worker = class extends Original {
      constructor(address: string | URL, options?: WorkerOptions) {
        const prelude = `delete FileSystemFileHandle.prototype.createSyncAccessHandle; const early = []; onmessage = (e) => early.push(e);
          await import(${JSON.stringify(String(new URL(address, location.href)))}); for (const e of early) onmessage(e);`;
        super(URL.createObjectURL(new Blob([prelude], { type: 'text/javascript' })), options);
      }
    };
  });
  const tab = await openPage(context, 'none');
  expect(await tab.evaluate(() => page.fallbacks)).toEqual(['none: the browser has no OPFS with synchronous access']);
  expect(await tab.evaluate(() => page.write(0, 10))).toBe(0);
  expect(await tab.evaluate(() => page.count())).toBe(10);
});
