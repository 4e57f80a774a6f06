import { expect, type Page } from '@playwright/test';
import { test } from './support/fixtures.ts';

interface ShownNotice {
  title: string;
  body: string;
}

/** Writes down what the system would show, in the page that shows it; `clickNotice` clicks the newest. */
async function recordNotices(page: Page): Promise<() => Promise<ShownNotice[]>> {
  await page.addInitScript(() => {
    const shown: EventTarget[] = [];
    class RecordedNotification extends EventTarget {
      static permission = 'granted';
      readonly title: string;
      readonly body: string;
      constructor(title: string, options: { body: string }) {
        super();
        this.title = title;
        this.body = options.body;
        shown.push(this);
      }
      close() {
        this.dispatchEvent(new Event('close'));
      }
    }
    Object.assign(window, {
      Notification: RecordedNotification,
      shown,
      clickNotice: () => shown.at(-1)?.dispatchEvent(new Event('click')),
    });
  });
  return () =>
    page.evaluate(() =>
      (window as unknown as { shown: ShownNotice[] }).shown.map(({ title, body }) => ({ title, body })),
    );
}

/** Playwright's pages believe they have the keyboard; this one is told that it lost it, or got it back. */
function setFocused(page: Page, focused: boolean): Promise<void> {
  return page.evaluate((on) => {
    document.hasFocus = () => on;
    window.dispatchEvent(new Event(on ? 'focus' : 'blur'));
  }, focused);
}

test('a visitor writes, is noticed, answered, read, resolved, and rates it', async ({ page, desk, stand }) => {
  const notices = await recordNotices(page);
  await page.reload();
  await expect(desk.connection).toHaveAttribute('data-kind', 'online');
  await setFocused(page, false);

  const visitor = await stand.lab.visitor({ language: 'en', page: 'https://www.lantern.example/lamps/cloud' });
  await visitor.say('Is the cloud lamp in stock?');
  await expect.poll(notices).toHaveLength(1);
  const [notice] = await notices();
  expect(notice?.title).toMatch(/^Visitor · [0-9A-Z]{4}$/);
  expect(notice?.body).toBe('Is the cloud lamp in stock?');
  const name = notice?.title ?? '';

  await setFocused(page, true);
  await page.evaluate(() => (window as unknown as { clickNotice(): void }).clickNotice());
  await expect(page.getByRole('heading', { level: 2, name }).first()).toBeVisible();
  await expect(desk.message('Is the cloud lamp in stock?')).toBeVisible();
  const seenOrder = async () => (await visitor.page()).conversation?.seenOrder ?? 0;
  await expect.poll(seenOrder).toBeGreaterThan(0);

  await visitor.types(true);
  await expect(page.getByTestId('visitor-typing')).toHaveText(`${name} is writing`);
  await visitor.types(false);
  await expect(page.getByTestId('visitor-typing')).toHaveText('');

  const agentTyping = async () => (await visitor.page()).agentTyping;
  await desk.field.pressSequentially('Four are left. ');
  await expect.poll(agentTyping).toBe(true);
  await desk.reply('Four are left.');
  await expect.poll(agentTyping).toBe(false);
  await expect(desk.state('Four are left.')).toHaveText('Sent');
  const answers = async () => (await visitor.page()).messages.filter(({ author }) => author === 'agent');
  await expect.poll(answers).toHaveLength(1);
  const [answer] = await answers();
  expect(answer).toMatchObject({ text: 'Four are left.', authorName: '林晓' });

  await visitor.receipt({ delivered: [answer?.id ?? ''] });
  await expect(desk.state('Four are left.')).toHaveText('Delivered');
  await visitor.receipt({ read: [answer?.id ?? ''] });
  await expect(desk.state('Four are left.')).toHaveText('Seen');

  await page.getByRole('button', { name: 'Resolve', exact: true }).click();
  await expect.poll(async () => (await visitor.page()).conversation?.askRating).toBe(true);
  await visitor.rate(5, 'Quick and kind');
  await expect(page.getByTestId('rating').getByRole('img', { name: 'Rated 5 of 5' })).toBeVisible();
  await expect(page.getByTestId('rating')).toContainText('Quick and kind');
  expect(await notices()).toHaveLength(1);
});

test('a notice sounds, unless the sound is off, and never in error', async ({ page, desk, stand }) => {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (/audio/i.test(message.text())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  await recordNotices(page);
  await page.addInitScript(() => {
    const sounds: number[] = [];
    const { start } = OscillatorNode.prototype;
    OscillatorNode.prototype.start = function (when) {
      sounds.push(when ?? 0);
      start.call(this, when);
    };
    Object.assign(window, { sounds });
  });
  await page.reload();
  await expect(desk.connection).toHaveAttribute('data-kind', 'online');
  const sounds = () => page.evaluate(() => (window as unknown as { sounds: number[] }).sounds.length);
  const shown = () => page.evaluate(() => (window as unknown as { shown: unknown[] }).shown.length);
  await page.getByRole('heading', { level: 2 }).first().click(); // browsers let a page sound once it was touched
  await setFocused(page, false);
  const visitor = await stand.lab.visitor();
  await visitor.say('With sound');
  await expect.poll(shown).toBe(1);
  await expect.poll(sounds).toBe(2); // two notes
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Sound' }).click();
  await visitor.say('Without sound');
  await expect.poll(shown).toBe(2);
  expect(await sounds()).toBe(2);
  expect(problems).toEqual([]);
});

test('a note is never shown to the visitor, nor that it is being written', async ({ page, desk, stand }) => {
  const visitor = await stand.lab.visitor();
  await visitor.say('A question for the note');
  await desk.showQueue('Unassigned');
  await desk.row('A question for the note').click();
  await page.getByRole('tab', { name: 'Note' }).click();
  await desk.field.pressSequentially('He asked before');
  await desk.composer.getByRole('button', { name: 'Add note' }).click();
  await expect(desk.message('He asked before')).toContainText('Internal note');
  await page.getByRole('tab', { name: 'Reply' }).click();
  await desk.reply('One moment.');
  await expect.poll(async () => (await visitor.page()).messages.map(({ text }) => text)).toContain('One moment.');
  expect(JSON.stringify(await visitor.page())).not.toContain('He asked before');
});

test('of two windows one notices, and none while somebody works in the other', async ({ page, desk, stand }) => {
  const notices = await recordNotices(page);
  await page.reload();
  await expect(desk.connection).toHaveAttribute('data-kind', 'online');
  const other = await page.context().newPage();
  const otherNotices = await recordNotices(other);
  await other.goto(stand.url);
  await expect(other.getByTestId('connection')).toHaveAttribute('data-kind', 'online');
  await setFocused(page, false);
  await setFocused(other, true);
  const visitor = await stand.lab.visitor();
  await visitor.say('While somebody works');
  await expect(other.getByRole('option').filter({ hasText: 'While somebody works' })).toBeVisible();
  await setFocused(other, false);
  await visitor.say('While nobody does');
  await expect
    .poll(async () => [...(await notices()), ...(await otherNotices())].map(({ body }) => body))
    .toEqual(['While nobody does']);
  await page.reload();
  await expect(desk.connection).toHaveAttribute('data-kind', 'online');
  await setFocused(page, false);
  await visitor.say('After a reload');
  await expect
    .poll(async () => [...(await notices()), ...(await otherNotices())].map(({ body }) => body))
    .toEqual(expect.arrayContaining(['After a reload']));
  expect((await notices()).filter(({ body }) => body !== 'After a reload')).toEqual([]);
});
