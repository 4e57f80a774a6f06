import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { test } from './support/fixtures.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds in the chat; the page around it is not ours. */
async function findViolations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => {
    const { axe } = window as unknown as { axe: { run(context: object, options: object): Promise<AxeResults> } };
    return axe.run({ include: ['tradewind-chat'] }, { resultTypes: ['violations'] });
  });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

test('with the keyboard alone', async ({ page, stand, visitor, visit }) => {
  const account = await stand.createChat();
  await visit('plain', { account });
  await expect(visitor.launcher).toHaveAttribute('aria-expanded', 'false');
  await page.locator('#search').focus();
  await page.keyboard.press('Tab');
  await expect(visitor.launcher).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(visitor.field).toBeFocused();
  await expect(visitor.launcher).toHaveAttribute('aria-expanded', 'true');

  await page.keyboard.type('First line');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('second line');
  await page.keyboard.press('Enter');
  await expect(visitor.message('First line').locator('.bubble')).toHaveText('First line\nsecond line');
  await expect(visitor.field).toHaveValue('');

  const focused = () =>
    page.evaluate(() => {
      const element = document.activeElement?.shadowRoot?.activeElement;
      return element?.getAttribute('aria-label') ?? element?.textContent;
    });
  await page.keyboard.press('Shift+Tab');
  expect(await focused()).toContain('Attach files');
  await page.keyboard.press('Shift+Tab');
  expect(await focused()).toBe('Messages');
  await page.keyboard.press('Shift+Tab');
  expect(await focused()).toBe('Close chat');
  await page.keyboard.press('Enter');
  await expect(visitor.panel).toBeHidden();
  await expect(visitor.launcher).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(visitor.panel).toBeHidden();
  await expect(visitor.launcher).toBeFocused();
});

test('Enter that chooses a word of an input method sends nothing', async ({ page, stand, visitor, visit }) => {
  const account = await stand.createChat();
  await visit('plain', { account });
  await visitor.open();
  await visitor.field.fill('你好');
  for (const init of [{ isComposing: true }, { keyCode: 229 }]) {
    await visitor.field.dispatchEvent('keydown', { key: 'Enter', ...init });
    await visitor.field.dispatchEvent('keydown', { key: 'Escape', ...init });
  }
  await expect(visitor.panel).toBeVisible();
  await expect(visitor.field).toHaveValue('你好');
  await page.keyboard.press('Enter');
  await expect(visitor.message('你好')).toHaveCount(1);
});

test('what a screen reader is told', async ({ stand, visitor, visit }) => {
  const account = await stand.createChat();
  await visit('plain', { account });
  await expect(visitor.page.getByRole('region', { name: 'Chat' }).locator(visitor.launcher)).toBeVisible();
  await visitor.open();
  await expect(visitor.panel).toHaveAccessibleName('Chat with Lantern & Loom');
  const log = visitor.panel.getByRole('log', { name: 'Messages' });
  await expect(log).toHaveAttribute('aria-live', 'polite');
  await visitor.say('Hello');
  await expect(visitor.message('Hello')).toContainText(/^You/);
  for (const name of ['Send', 'Attach files, up to 10 MB each', 'Close chat']) {
    await expect(visitor.panel.getByRole('button', { name, exact: true })).toHaveCount(1);
  }
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const accentColor of [undefined, '#ffd400']) {
    test(`axe finds nothing: ${colorScheme}, accent ${accentColor ?? 'of the product'}`, async ({
      page,
      stand,
      visitor,
      visit,
    }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const account = await stand.createChat({ preChat: { name: 'optional', email: 'required' }, accentColor });
      await visit('plain', { account });
      await expect(visitor.launcher).toBeVisible();
      expect(await findViolations(page)).toEqual([]);
      await visitor.open();
      await visitor.panel.getByRole('button', { name: 'Start chat' }).click();
      await expect(visitor.panel.getByText('Enter your mail address.')).toBeVisible();
      expect(await findViolations(page)).toEqual([]);
      await visitor.panel.getByLabel('Email').fill('li@mail.example');
      await visitor.panel.getByRole('button', { name: 'Start chat' }).click();
      await visitor.say('Is https://shop.example/lamp in stock?');
      await page
        .locator('input[type=file]')
        .setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') });
      await stand.agent.reply(account, 'It is: https://shop.example/lamp');
      await stand.agent.resolve(account);
      await expect(visitor.panel.getByRole('radio')).toHaveCount(5);
      expect(await findViolations(page)).toEqual([]);
    });
  }
}

test('a small screen is filled, and nothing moves for those who want it calm', async ({
  page,
  stand,
  visitor,
  visit,
}) => {
  await page.setViewportSize({ width: 360, height: 640 });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const account = await stand.createChat();
  await visit('plain', { account });
  await visitor.open();
  expect(await visitor.panel.boundingBox()).toEqual({ x: 0, y: 0, width: 360, height: 640 });
  await expect(visitor.launcher).toBeHidden();
  await expect(visitor.panel).toHaveCSS('animation-name', 'none');
  await visitor.panel.getByRole('button', { name: 'Close chat' }).click();
  await expect(visitor.launcher).toBeFocused();
});
