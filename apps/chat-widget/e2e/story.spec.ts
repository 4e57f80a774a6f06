import { expect } from '@playwright/test';
import { ChatPage } from './support/chat-page.ts';
import { test } from './support/fixtures.ts';

test('the first message, its answer, and what each side knows of the other', async ({ stand, visitor, visit }) => {
  const account = await stand.createChat({ greeting: 'Welcome to the loom.' });
  await visit('plain', { account });
  await visitor.open();
  await expect(visitor.text('Away.')).toBeVisible();
  await stand.agent.goOnline();
  await expect(visitor.text('Online')).toBeVisible();
  await expect(visitor.text('Welcome to the loom.')).toBeVisible();

  await visitor.say('Do you ship to Iceland?');
  await expect(visitor.message('Iceland')).toContainText('Sent');
  await stand.agent.see(account);
  await expect(visitor.message('Iceland')).toContainText('Seen');
  await stand.agent.type(account, true);
  await expect(visitor.text('Mei Lin is typing')).toBeVisible();
  await stand.agent.reply(account, 'We do: https://shop.example/shipping. See (https://shop.example/a_(b))!');
  await expect(visitor.message('We do')).toContainText('Mei Lin');
  await expect(visitor.text('is typing')).toBeHidden();
  const links = visitor.message('We do').getByRole('link');
  await expect(links.nth(0)).toHaveAttribute('href', 'https://shop.example/shipping');
  await expect(links.nth(1)).toHaveAttribute('href', 'https://shop.example/a_(b)');
  await expect(links.nth(0)).toHaveAttribute('rel', /noopener/);
  // What it says of itself reaches the desk too.
  await expect.poll(async () => (await stand.agent.messages(account)).at(-1)?.status).toBe('read');
  stand.agent.goOffline();
  await expect(visitor.text('Away.')).toBeVisible();
});

test('markup stays text, right-to-left text runs right to left', async ({ stand, visitor, visit }) => {
  const account = await stand.createChat();
  await visit('plain', { account });
  await visitor.open();
  const markup = '<img src=x onerror="window.hit=1"><b>bold</b> javascript:alert(1)';
  await visitor.say(markup);
  await expect(visitor.message('bold').locator('.bubble')).toHaveText(markup);
  await visitor.say('أين طلبي رقم 1001؟');
  await expect(visitor.message('1001').locator('.bubble')).toHaveCSS('direction', 'rtl');
  expect(await visitor.page.evaluate(() => 'hit' in window)).toBe(false);
});

test('the conversation stays over reloads and server restarts, with the draft; news raise the badge', async ({
  stand,
  visitor,
  visit,
}) => {
  test.setTimeout(60_000);
  const account = await stand.createChat();
  await visit('plain', { account });
  await visitor.open();
  await visitor.say('Remember me');
  await expect(visitor.message('Remember me')).toContainText('Sent');
  await visitor.field.fill('Half a sentence');
  await visitor.page.reload();
  // As it was left, and without taking the page's focus.
  await expect(visitor.message('Remember me')).toBeVisible();
  await expect(visitor.field).toHaveValue('Half a sentence');
  expect(await visitor.page.evaluate(() => document.activeElement === document.body)).toBe(true);

  await stand.stopServer();
  await expect(visitor.text('No connection to the chat.')).toBeVisible();
  await expect(visitor.text('Not connected')).toBeVisible();
  await visitor.say('While you were away');
  await expect(visitor.message('While you were away')).toContainText('Waiting to be sent');
  await visitor.page.reload();
  await expect(visitor.message('Remember me')).toBeVisible();
  await expect(visitor.message('While you were away')).toContainText('Waiting to be sent');
  await stand.startServer();
  await expect(visitor.message('While you were away')).toContainText('Sent', { timeout: 20_000 });

  await visitor.page.keyboard.press('Escape');
  await visitor.launcher.click();
  await expect(visitor.panel).toBeHidden();
  await stand.agent.reply(account, 'Welcome back');
  await expect(visitor.launcher).toHaveAccessibleName('Open chat, 1 new message');
  await expect(visitor.page.locator('.badge')).toHaveText('1');
  await visitor.open();
  await expect(visitor.message('Welcome back')).toBeVisible();
  await visitor.launcher.click();
  await expect(visitor.launcher).toHaveAccessibleName('Open chat');
  const texts = (await stand.agent.messages(account)).map(({ text }) => text);
  expect(texts).toEqual(['Remember me', 'While you were away', 'Welcome back']);
});

test('three tabs are one conversation', async ({ context, stand, visitor, visit }) => {
  const account = await stand.createChat();
  const others = [new ChatPage(await context.newPage()), new ChatPage(await context.newPage())];
  for (const { page } of others) await page.goto(`${stand.site}/plain?account=${account}`);
  await visit('plain', { account });
  await visitor.open();
  await visitor.say('From the first');
  const [second, third] = others as [ChatPage, ChatPage];
  await second.open();
  await third.open();
  await second.say('From the second');
  await third.say('From the third');
  await stand.agent.reply(account, 'To all of you');
  for (const tab of [visitor, second, third]) {
    await expect(tab.panel.locator('.message .bubble')).toHaveText([
      /Hello/,
      'From the first',
      'From the second',
      'From the third',
      'To all of you',
    ]);
  }
  expect(await stand.agent.messages(account)).toHaveLength(4);
});

test('what is read in one tab is not new in another', async ({ context, stand, visitor, visit }) => {
  const account = await stand.createChat();
  const other = new ChatPage(await context.newPage());
  await other.page.goto(`${stand.site}/plain?account=${account}`);
  await visit('plain', { account });
  await visitor.open();
  await visitor.say('Anybody there?');
  await visitor.launcher.click();
  await stand.agent.reply(account, 'Here I am');
  for (const { launcher } of [visitor, other]) await expect(launcher).toHaveAccessibleName(/1 new message/);
  await other.open();
  await other.page.bringToFront();
  await expect(visitor.launcher).toHaveAccessibleName('Open chat');
});

test('one visitor never sees another', async ({ browser, stand, visitor, visit }) => {
  const account = await stand.createChat();
  await visit('plain', { account });
  await visitor.open();
  await visitor.say('My secret');
  await expect(visitor.message('My secret')).toContainText('Sent');
  const context = await browser.newContext();
  const stranger = new ChatPage(await context.newPage());
  await stranger.page.goto(`${stand.site}/plain?account=${account}`);
  await stranger.open();
  await stranger.say('Hello?');
  await expect.poll(async () => (await stand.agent.messages(account)).at(-1)?.text).toBe('Hello?');
  await stand.agent.reply(account, 'To the stranger');
  await expect(stranger.message('To the stranger')).toBeVisible();
  await expect(stranger.text('My secret')).toBeHidden();
  await expect(visitor.text('To the stranger')).toBeHidden();
  await context.close();
});

test('older messages are loaded on the way up, and the place is kept', async ({ stand, visitor, visit }) => {
  const account = await stand.createChat();
  await visit('plain', { account });
  await visitor.open();
  await visitor.say('The very first');
  await stand.agent.reply(account, ...Array.from({ length: 60 }, (_, index) => `Answer ${index + 1}`));
  await expect(visitor.message('Answer 60')).toBeInViewport();
  await visitor.page.reload();
  await expect(visitor.message('Answer 60')).toBeInViewport();
  await expect(visitor.message('The very first')).toHaveCount(0);
  await visitor.panel.getByRole('button', { name: 'Earlier messages' }).scrollIntoViewIfNeeded();
  await expect(visitor.message('The very first')).toHaveCount(1);
  await expect(visitor.message('Answer 12').first()).toBeInViewport();
  await stand.agent.reply(account, 'The newest');
  await expect(visitor.panel.getByRole('button', { name: 'New messages' })).toBeVisible();
  await visitor.panel.getByRole('button', { name: 'New messages' }).click();
  await expect(visitor.message('The newest')).toBeInViewport();
});
