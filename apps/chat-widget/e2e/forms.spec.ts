import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';
import { signIdentity } from './support/sign-identity.ts';

const SECRET = 'a-secret-of-the-shop';

test('files: chosen, dropped, pasted, too large, cut off, sent', async ({ page, stand, visitor, visit }) => {
  const account = await stand.createChat();
  await visit('plain', { account });
  await visitor.open();
  const picker = page.locator('input[type=file]');
  await picker.setInputFiles({
    name: 'film.mov',
    mimeType: 'video/quicktime',
    buffer: Buffer.alloc(10 * 1024 * 1024 + 1),
  });
  await expect(visitor.text('film.mov is larger than 10 MB and cannot be sent.')).toBeVisible();

  await page.route('**/chat/files', (route) =>
    route.fulfill({ status: 500, headers: { 'access-control-allow-origin': '*' } }),
  );
  await picker.setInputFiles({ name: 'receipt.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(3_000, 'x') });
  await expect(visitor.panel.locator('.uploads')).toContainText('receipt.pdf could not be uploaded.');
  await page.unroute('**/chat/files');
  await visitor.panel.getByRole('button', { name: 'Upload receipt.pdf again' }).click();

  await page.evaluate(() => {
    const carry = (name: string) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['notes'], name, { type: 'text/plain' }));
      return transfer;
    };
    const find = (selector: string) => document.querySelector('tradewind-chat')?.shadowRoot?.querySelector(selector);
    const init = { bubbles: true, cancelable: true };
    find('.panel')?.dispatchEvent(new DragEvent('drop', { ...init, dataTransfer: carry('notes.txt') }));
    find('.row textarea')?.dispatchEvent(new ClipboardEvent('paste', { ...init, clipboardData: carry('copied.txt') }));
  });
  await expect(visitor.panel.getByRole('button', { name: 'Remove notes.txt' })).toBeVisible();
  await expect(visitor.panel.locator('.send')).toHaveAttribute('aria-disabled', 'false');
  await visitor.field.press('Enter');
  await expect(visitor.message('notes.txt')).toContainText('Sent');
  await expect(visitor.panel.locator('.uploads')).toBeHidden();
  await expect
    .poll(async () => (await stand.agent.messages(account)).at(-1)?.attachments.map(({ name }) => name))
    .toEqual(['receipt.pdf', 'notes.txt', 'copied.txt']);
  const link = visitor.message('notes.txt').getByRole('link', { name: /notes.txt/ });
  const answer = await page.request.get((await link.getAttribute('href')) ?? '');
  expect(await answer.text()).toBe('notes');
  expect(answer.headers()['content-disposition']).toMatch(/^attachment/);
});

test('the form before the first message is asked once, and claims nothing but words', async ({
  stand,
  visitor,
  visit,
}) => {
  const account = await stand.createChat({ preChat: { name: 'required', email: 'optional' } });
  await visit('plain', { account });
  await visitor.open();
  const start = visitor.panel.getByRole('button', { name: 'Start chat' });
  await expect(visitor.field).toBeHidden();
  await start.click();
  await expect(visitor.panel.getByLabel('Name')).toBeFocused();
  await expect(visitor.panel.getByLabel('Name')).toHaveAccessibleDescription('Enter your name.');
  await visitor.panel.getByLabel('Name').fill('李雷');
  await visitor.panel.getByLabel('Email').fill('nowhere');
  await start.click();
  await expect(visitor.text('Enter a mail address such as name@example.com.')).toBeVisible();
  await visitor.panel.getByLabel('Email').fill('li@claimed.example');
  await start.click();
  await expect(visitor.field).toBeFocused();
  // A hidden field has no height to fit: it is fitted when it appears.
  expect(await visitor.field.evaluate(({ clientHeight, scrollHeight }) => scrollHeight - clientHeight)).toBe(0);
  await visitor.say('Hello');
  await visitor.page.reload();
  await expect(visitor.message('Hello')).toBeVisible();
  await expect(visitor.field).toBeVisible();
  await expect
    .poll(async () => (await stand.agent.customers()).items.find(({ name }) => name === '李雷')?.emails)
    .toEqual([]);
});

test('after it was resolved the conversation is rated, once', async ({ stand, visitor, visit }) => {
  const account = await stand.createChat();
  await visit('plain', { account });
  await visitor.open();
  await visitor.say('Where is it?');
  await stand.agent.reply(account, 'On its way.');
  await stand.agent.resolve(account);
  await expect(visitor.text('How was this conversation?')).toBeVisible();
  await visitor.panel.getByRole('radio', { name: 'Good', exact: true }).check();
  await visitor.panel.getByLabel('Anything to add?').fill('Quick!');
  await visitor.panel.getByRole('button', { name: 'Send rating' }).click();
  await expect(visitor.text('Thank you for your rating.')).toBeVisible();
  await expect
    .poll(async () => (await stand.agent.conversations(account))[0]?.satisfaction)
    .toMatchObject({ score: 4, comment: 'Quick!' });
  await visitor.page.reload();
  await expect(visitor.text('This conversation is closed.')).toBeVisible();
  await expect(visitor.text('How was this conversation?')).toBeHidden();
  await visitor.say('One more thing');
  await expect(visitor.text('This conversation is closed.')).toBeHidden();
});

test('a rating that is not wanted now is not asked for again', async ({ stand, visitor, visit }) => {
  const account = await stand.createChat();
  await visit('plain', { account });
  await visitor.open();
  await visitor.say('Where is it?');
  await stand.agent.resolve(account);
  await visitor.panel.getByRole('button', { name: 'Not now' }).click();
  await expect(visitor.panel.getByRole('radio')).toHaveCount(0);
  await visitor.page.reload();
  await expect(visitor.text('This conversation is closed.')).toBeVisible();
  await expect(visitor.panel.getByRole('radio')).toHaveCount(0);
});

test('who the shop vouches for finds the conversation on any device; it is gone with the log-out', async ({
  browser,
  stand,
  visitor,
  visit,
}) => {
  const account = await stand.createChat({ identitySecret: SECRET, preChat: { name: 'required', email: 'off' } });
  const identity = signIdentity(SECRET, { sub: 'customer-7', name: '韩梅梅', email: 'mei@verified.example' });
  await visit('plain', { account, identity });
  await visitor.open();
  await expect(visitor.field).toBeVisible();
  await visitor.say('From my phone');
  await expect(visitor.message('From my phone')).toContainText('Sent');
  const customer = async () => (await stand.agent.customers()).items.find(({ name }) => name === '韩梅梅');
  await expect.poll(async () => (await customer())?.emails).toEqual(['mei@verified.example']);

  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${stand.site}/plain?${new URLSearchParams({ account, identity })}`);
  await page.locator('.launcher').click();
  await expect(page.getByRole('dialog').getByText('From my phone')).toBeVisible();
  await page.evaluate(() => (window as unknown as { Tradewind: { logOut(): void } }).Tradewind.logOut());
  await expect(page.getByRole('dialog')).toBeHidden();
  const kept = await page.evaluate(() => JSON.stringify(localStorage));
  expect(kept).not.toContain('customer-7');
  await page.locator('.launcher').click();
  await expect(page.getByRole('dialog').getByText('From my phone')).toHaveCount(0);
  await context.close();
});

test('signing in goes on with what was written before; a bad signature is refused aloud', async ({
  page,
  stand,
  visitor,
  visit,
}) => {
  const account = await stand.createChat({ identitySecret: SECRET });
  await visit('plain', { account });
  await visitor.open();
  await visitor.say('Before signing in');
  await expect(visitor.message('Before signing in')).toContainText('Sent');
  await visitor.field.fill('Not sent yet');
  const identify = (jwt: string) =>
    page.evaluate((value) => {
      const { Tradewind } = window as unknown as { Tradewind: { identify(identity: () => string): void } };
      Tradewind.identify(() => value);
    }, jwt);

  const warning = page.waitForEvent('console', (message) => message.text().includes('signed identity'));
  await identify(signIdentity('another secret', { sub: 'customer-8' }));
  await warning;
  await expect(visitor.message('Before signing in')).toBeVisible();

  await identify(signIdentity(SECRET, { sub: 'customer-8', name: 'Ada' }));
  await expect.poll(async () => (await stand.agent.customers()).items.some(({ name }) => name === 'Ada')).toBe(true);
  await expect(visitor.message('Before signing in')).toBeVisible();
  await expect(visitor.field).toHaveValue('Not sent yet');
  await visitor.field.press('Enter');
  await expect(visitor.message('Not sent yet')).toContainText('Sent');
});

test('outside office hours it says when somebody is back', async ({ page, stand, visitor, visit }) => {
  const account = await stand.createChat({ officeHours: { timeZone: 'Europe/Berlin', days: {} } });
  await visit('plain', { account });
  await visitor.open();
  await expect(visitor.text('Closed at the moment')).toBeVisible();
  await expect(visitor.text('Leave a message')).toBeVisible();

  // Open on one day only: the next opening is on a day that is named.
  const weekday = new Date(Date.now() + 3 * 86_400_000);
  const day = weekday.toLocaleDateString('en', { weekday: 'short', timeZone: 'Europe/Berlin' }).toLowerCase();
  const name = weekday.toLocaleDateString('en', { weekday: 'long', timeZone: 'Europe/Berlin' });
  const later = await stand.createChat({
    officeHours: { timeZone: 'Europe/Berlin', days: { [day]: [['09:00', '18:00']] } },
  });
  await page.goto(`${stand.site}/plain?account=${later}`);
  await visitor.open();
  await expect(visitor.text(`Back on ${name} at 9:00`)).toBeVisible();
});

for (const [query, name] of [
  [{ lang: 'zh-Hans' }, '关闭聊天'],
  [{ lang: 'zh', language: 'en' }, 'Close chat'],
  [{ lang: 'de', language: 'auto' }, 'Close chat'],
  [{ lang: 'en', language: 'zh-CN' }, '关闭聊天'],
] as const) {
  test(`the language of ${JSON.stringify(query)}`, async ({ stand, visitor, visit }) => {
    const account = await stand.createChat();
    await visit('plain', { account, ...query });
    await visitor.open();
    await expect(visitor.panel.getByRole('button', { name, exact: true })).toBeVisible();
  });
}
