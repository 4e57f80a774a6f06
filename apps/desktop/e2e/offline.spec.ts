import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, type Page, test } from '@playwright/test';
import { findViolations } from './support/axe.ts';
import { ConsolePage } from './support/console-page.ts';
import { type Server, startServer } from './support/server.ts';
import { serveFolder } from './support/static-server.ts';

const ADMIN = { name: 'admin', email: 'admin@shop.example', password: 'a-long-test-password' };
const HARNESS = fileURLToPath(new URL('../dist/harness', import.meta.url));

/** Resolves once the page's files are kept by a worker that is in charge. */
async function expectKept(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state ?? 'none')).toBe('activated');
}

function listCaches(page: Page): Promise<string[]> {
  return page.evaluate(() => caches.keys());
}

test.describe('one desk', () => {
  let server: Server;
  test.beforeAll(async () => {
    server = await startServer({
      TRADEWIND_ADMIN_EMAIL: ADMIN.email,
      TRADEWIND_ADMIN_PASSWORD: ADMIN.password,
      // Beside this machine, so that the page can be had by an address that is not secure.
      TRADEWIND_BIND: '0.0.0.0',
    });
  });
  test.afterAll(() => server.close());

  test('over plain http off localhost the console says what does not work, why, and what to do', async ({ page }) => {
    const address = Object.values(networkInterfaces())
      .flat()
      .find((each) => each?.family === 'IPv4' && !each.internal)?.address;
    test.skip(address === undefined, 'needs a network interface beside the loopback one');
    const url = `http://${address}:${new URL(server.url).port}`;
    const desk = new ConsolePage(page);
    await page.goto(url);
    const notice = page.getByRole('region', { name: 'This page came without encryption' });
    await expect(notice).toBeVisible();
    await notice.getByText('What does not work here').click();
    await expect(notice).toContainText(url);
    for (const said of [
      'Passwords and messages',
      'does not open without network',
      'No notifications',
      'docs/deployment.md',
    ]) {
      await expect(notice).toContainText(said);
    }
    expect(await findViolations(page)).toEqual([]);
    await desk.logIn(url, ADMIN);
    await notice.getByRole('button', { name: 'Understood' }).click();
    await page.reload();
    await expect(desk.connection).toHaveAttribute('data-kind', 'online');
    await expect(notice).toHaveCount(0);
    // What was dismissed can be read again, and what is copied is copied all the same.
    await page.goto(`${url}/#/settings/device`);
    await expect(page.getByText('Browsers then keep back what they cannot protect')).toBeVisible();
    await page.goto(`${url}/#/settings/people`);
    await page.getByRole('button', { name: 'Invite somebody' }).click();
    await page.getByLabel('Email').fill('copy@shop.example');
    await page.getByRole('button', { name: 'Make the invitation' }).click();
    await page.getByRole('button', { name: 'Copy: Invitation link' }).click();
    await expect(page.getByRole('button', { name: 'Copied: Invitation link' })).toBeVisible();
  });

  test('after one visit the console opens with no server at all, and its API was never kept', async ({ page }) => {
    const url = `http://127.0.0.1:${new URL(server.url).port}`;
    const desk = new ConsolePage(page);
    await desk.logIn(url, ADMIN);
    await expectKept(page);
    const kept = await page.evaluate(async () => {
      const [name = ''] = await caches.keys();
      const requests = await (await caches.open(name)).keys();
      return requests.map((request) => new URL(request.url).pathname);
    });
    expect(kept).toContain('/');
    expect(kept.filter((path) => path !== '/' && !path.startsWith('/assets/'))).toEqual([]);

    const worker = await page.request.get(`${url}/service-worker.js`);
    expect(worker.headers()).toMatchObject({
      'cache-control': 'no-cache',
      'content-type': expect.stringContaining('javascript'),
    });

    await server.stop();
    await page.reload();
    await expect(desk.connection).toHaveAttribute('data-kind', 'offline');
    await expect(page.getByRole('navigation', { name: 'Queues' })).toBeVisible();
    await page.goto(`${url}/#/settings/people`);
    await expect(page.getByText('The server does not answer.').first()).toBeVisible();
    expect(await findViolations(page)).toEqual([]);
  });
});

test('a new version is shown at the next load, whole or not at all, and the old one is forgotten', async ({ page }) => {
  const folder = await mkdtemp(join(tmpdir(), 'tradewind-versions-'));
  await cp(HARNESS, folder, { recursive: true });
  const site = await serveFolder(folder);
  const file = (name: string) => join(folder, name);
  try {
    await page.goto(site.url);
    await expectKept(page);
    const before = await listCaches(page);
    expect(before).toHaveLength(1);

    // Half of an update: the new page lies there, its worker not yet.
    const next = (await readFile(file('index.html'), 'utf8')).replace('<body>', '<body data-version="2">');
    await writeFile(file('index.html'), next);
    await page.reload();
    await expect(page.locator('body')).not.toHaveAttribute('data-version');

    // The other half: the next load fetches it beside the page, the one after shows it.
    const hash = createHash('sha256').update(next).digest('hex');
    const worker = await readFile(file('service-worker.js'), 'utf8');
    await writeFile(
      file('service-worker.js'),
      worker
        .replace(/(\\"page\\":\\")[0-9a-f]{64}/, `$1${hash}`)
        .replace(/(\\"version\\":\\")[0-9a-f]{16}/, `$1${hash.slice(0, 16)}`),
    );
    await page.reload();
    await expect.poll(() => listCaches(page)).toEqual([`tradewind-console-${hash.slice(0, 16)}`]);
    await page.reload();
    await expect(page.locator('body')).toHaveAttribute('data-version', '2');
    await expect(page.getByRole('main')).toBeVisible();
  } finally {
    await site.close();
    await rm(folder, { recursive: true, force: true });
  }
});
