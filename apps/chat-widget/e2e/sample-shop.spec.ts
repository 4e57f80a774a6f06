import { fileURLToPath } from 'node:url';
import { expect } from '@playwright/test';
import { type Child, startChild } from '../../desktop/e2e/support/child.ts';
import { requestJson } from '../../desktop/e2e/support/http.ts';
import { test } from './support/fixtures.ts';

const LAB = fileURLToPath(new URL('../../../packages/fault-lab/src/cli.ts', import.meta.url));
const SECRET = 'a secret of the sample shop';

// The shop of the fault lab is where people play a visitor after `npm start`.
let lab: Child;
let account: string;

test.beforeAll(async ({ stand }) => {
  lab = await startChild(LAB, ['--port', '0'], {}, /Fault lab: (http:\S+)/);
  account = await stand.createChat({ allowedOrigins: [lab.ready], identitySecret: SECRET }, 'Tradewind Goods');
  const chat = { id: account, serverUrl: stand.url, identitySecret: SECRET };
  await requestJson(`${lab.ready}/lab/web-chat/accounts`, { body: chat });
});
test.afterAll(() => lab.stop());

for (const path of ['/shop', '/shop/strict-csp', '/shop/hostile-css', '/shop/spa']) {
  test(`the chat works on the sample shop's ${path}, without a complaint of the browser`, async ({ page, visitor }) => {
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    await page.goto(`${lab.ready}${path}?lang=en`);
    await visitor.open();
    await visitor.say(`Hello from ${path}`);
    await expect(visitor.message(`Hello from ${path}`)).toContainText('Sent');
    await page.evaluate(() => document.querySelector<HTMLAnchorElement>('nav a:nth-child(2)')?.click());
    await expect(page.locator('#goods h2')).toHaveText(/To wear/i);
    await expect(visitor.message(`Hello from ${path}`)).toBeAttached();
    expect(complaints).toEqual([]);
  });
}

test('on the account page the desk knows who writes', async ({ page, visitor, stand }) => {
  await page.goto(`${lab.ready}/shop/account?lang=zh-CN`);
  await expect(page.locator('h1')).toContainText('Mia Berg');
  await visitor.open();
  await visitor.say('我的订单到哪里了？');
  await expect
    .poll(async () => (await stand.agent.customers()).items.map(({ emails }) => emails))
    .toContainEqual(['mia.berg@example.com']);
});
