import { expect } from '@playwright/test';
import { ChatPage } from './support/chat-page.ts';
import { test } from './support/fixtures.ts';

test('[R2] written offline in two tabs: everything arrives once, in order', async ({
  context,
  stand,
  visitor,
  visit,
}) => {
  const account = await stand.createChat();
  const other = new ChatPage(await context.newPage());
  await other.page.goto(`${stand.site}/plain?account=${account}`);
  await other.open();
  await visit('plain', { account });
  await visitor.open();
  await visitor.say('Online');
  await expect(visitor.message('Online')).toContainText('Sent');

  await context.setOffline(true);
  await expect(visitor.text('Offline. You can go on writing.')).toBeVisible();
  await visitor.say('One');
  await other.say('Two');
  await visitor.say('Three');
  await expect(visitor.text('Offline. 3 messages will be sent when you are back.')).toBeVisible();
  await expect(other.message('Three')).toContainText('Waiting to be sent');
  await context.setOffline(false);
  for (const tab of [visitor, other]) await expect(tab.message('Three')).toContainText('Sent');
  await expect(visitor.text('Offline')).toBeHidden();
  const texts = (await stand.agent.messages(account)).map(({ text }) => text);
  expect(texts).toEqual(['Online', 'One', 'Two', 'Three']);
  for (const text of texts) await expect(visitor.message(text)).toHaveCount(1);
});

test('[R2] an acknowledgement that is lost doubles nothing', async ({ page, stand, visitor, visit }) => {
  const account = await stand.createChat();
  let lose = true;
  await page.routeWebSocket(/socket\.io/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => {
      // The desk has it; the widget never hears so. The profile of history answers is longer.
      if (lose && /^43\/chat,\d+\[\{"id":"[\w-]{22}","at":\d+\}\]$/.test(String(message))) {
        lose = false;
        socket.close();
        server.close();
      } else socket.send(message);
    });
  });
  await visit('plain', { account });
  await visitor.open();
  await visitor.say('Only once');
  await expect(visitor.message('Only once')).toContainText('Sent');
  expect(lose).toBe(false);
  await visitor.say('And this');
  await expect(visitor.message('And this')).toContainText('Sent');
  await expect(visitor.message('Only once')).toHaveCount(1);
  await expect
    .poll(async () => (await stand.agent.messages(account)).map(({ text }) => text))
    .toEqual(['Only once', 'And this']);
});

test('a network that cuts web sockets off is no obstacle', async ({ page, stand, visitor, visit }) => {
  const account = await stand.createChat();
  await page.routeWebSocket(/socket\.io/, (socket) => socket.close());
  await visit('plain', { account });
  await visitor.open();
  await visitor.say('By polling');
  await expect(visitor.message('By polling')).toContainText('Sent');
  await stand.agent.reply(account, 'Heard you');
  await expect(visitor.message('Heard you')).toBeVisible();
});

test('a page out of the browser’s cache catches up', async ({ page, stand, visitor, visit }) => {
  const account = await stand.createChat();
  await visit('plain', { account });
  await visitor.open();
  await visitor.say('See you');
  await expect(visitor.message('See you')).toContainText('Sent');
  const turn = (type: string) =>
    page.evaluate((name) => window.dispatchEvent(new PageTransitionEvent(name, { persisted: true })), type);
  await turn('pagehide');
  await expect(visitor.text('Not connected')).toBeVisible();
  await stand.agent.reply(account, 'Meanwhile');
  await expect(visitor.message('Meanwhile')).toHaveCount(0);
  await turn('pageshow');
  await expect(visitor.message('Meanwhile')).toBeVisible();
});

test('a connection that died while the machine slept is noticed on waking', async ({ page, stand, visitor, visit }) => {
  const account = await stand.createChat();
  let dead = false;
  await page.routeWebSocket(/socket\.io/, (socket) => {
    const server = socket.connectToServer();
    const isDead = () => dead;
    server.onMessage((message) => isDead() || socket.send(message));
    socket.onMessage((message) => isDead() || server.send(message));
  });
  await page.clock.install();
  await visit('plain', { account });
  await visitor.open();
  await visitor.say('Good night');
  await expect(visitor.message('Good night')).toContainText('Sent');
  dead = true;
  await stand.agent.reply(account, 'While you slept');
  // Eight hours pass without a single timer; then everything is late at once.
  await page.clock.fastForward('08:00:00');
  dead = false;
  await page.clock.runFor(12_000);
  await expect(visitor.message('While you slept')).toBeVisible();
});

test('without storage the chat works, and says how long it lasts', async ({ page, stand, visitor, visit }) => {
  const account = await stand.createChat();
  await page.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(window, name, {
        get: () => {
          throw new DOMException('blocked', 'SecurityError');
        },
      });
    }
  });
  await visit('plain', { account });
  await visitor.open();
  await expect(visitor.text('This browser keeps nothing for this site')).toBeVisible();
  await visitor.say('Just for now');
  await stand.agent.reply(account, 'Fine');
  await expect(visitor.message('Fine')).toBeVisible();
});

test('a flood is slowed down, and nothing of it is lost', async ({ stand, visitor, visit }) => {
  const account = await stand.createChat();
  await visit('plain', { account });
  await visitor.open();
  const texts = Array.from({ length: 32 }, (_, index) => `Message ${index + 1} of many`);
  for (const text of texts) {
    await visitor.field.fill(text);
    await visitor.field.press('Enter');
  }
  await expect(visitor.message('Message 32 of many')).toContainText('Sent', { timeout: 20_000 });
  await expect.poll(async () => (await stand.agent.messages(account)).map(({ text }) => text)).toEqual(texts);
});

test('a chat that is not for this site, or not any more, shows nothing and says why', async ({
  page,
  stand,
  visitor,
  visit,
}) => {
  const account = await stand.createChat();
  await visit('plain', { account });
  await expect(visitor.launcher).toBeVisible();
  await stand.changeChat(account, { allowedOrigins: ['https://elsewhere.example'] });
  for (const _ of ['shown before', 'never shown']) {
    const warning = page.waitForEvent('console', (message) => message.text().includes('allowedOrigins'));
    await page.reload();
    expect((await warning).type()).toBe('warning');
    await expect(visitor.launcher).toHaveCount(0);
  }
});

test('a site that clears what it keeps begins with a new visitor', async ({ context, page, stand, visitor, visit }) => {
  const account = await stand.createChat();
  await visit('plain', { account });
  await visitor.open();
  await visitor.say('For my eyes only');
  await expect(visitor.message('For my eyes only')).toContainText('Sent');
  await page.evaluate(() => localStorage.clear());
  await context.setOffline(true);
  await expect(visitor.text('Not connected')).toBeVisible();
  await context.setOffline(false);
  await expect(visitor.message('For my eyes only')).toHaveCount(0);
  await visitor.say('Somebody else');
  await expect(visitor.message('Somebody else')).toContainText('Sent');
  await page.reload();
  await expect(visitor.message('Somebody else')).toBeVisible();
  await expect(visitor.message('For my eyes only')).toHaveCount(0);
});

test('what the desk does not take says why, and can be sent again or dropped', async ({
  page,
  stand,
  visitor,
  visit,
}) => {
  const account = await stand.createChat();
  await visit('plain', { account });
  await visitor.open();
  await visitor.field.fill('x'.repeat(10_003));
  await expect(visitor.text('3 characters too many')).toBeVisible();
  await visitor.field.press('Enter');
  await expect(visitor.field).toHaveValue(/^x+$/);

  // As after a restore of the desk: the upload is not there any more.
  const lost = { id: 'lost', name: 'lost.txt', contentType: 'text/plain', sizeBytes: 4, url: null };
  const headers = { 'access-control-allow-origin': '*' };
  await page.route('**/chat/files', (route) => route.fulfill({ status: 201, headers, json: lost }));
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'lost.txt', mimeType: 'text/plain', buffer: Buffer.from('lost') });
  await expect(visitor.panel.locator('.send')).toHaveAttribute('aria-disabled', 'true');
  await visitor.field.fill('With a file');
  await expect(visitor.panel.locator('.send')).toHaveAttribute('aria-disabled', 'false');
  await visitor.field.press('Enter');
  await visitor.say('Without one');
  await expect(visitor.message('Without one')).toContainText('Sent');
  const failed = visitor.message('With a file');
  await expect(failed).toContainText('Not sent: the files are no longer there. Attach them again.');
  await failed.getByRole('button', { name: 'Try again' }).click();
  await expect(failed).toContainText('Not sent');
  await failed.getByRole('button', { name: 'Delete' }).click();
  await expect(failed).toHaveCount(0);
  await visitor.page.reload();
  await expect(visitor.message('Without one')).toBeVisible();
  await expect(visitor.panel.getByRole('log').locator('.bubble')).toHaveCount(1);
});
