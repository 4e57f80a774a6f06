import { expect, type Page } from '@playwright/test';
import { findViolations } from './support/axe.ts';
import { colleaguesDo } from './support/colleagues.ts';
import { test } from './support/fixtures.ts';

async function openRow(page: Page, id: string): Promise<void> {
  await page.locator(`#conversation-${id}`).click();
  await expect(page.getByRole('log')).toBeVisible();
}

interface Screen {
  name: string;
  scenario: string;
  /** Brings the screen up once the page is there. */
  show?: (page: Page) => Promise<void>;
}

async function openFirst(page: Page): Promise<void> {
  await page.getByRole('option').first().click();
  await expect(page.getByRole('log')).toBeVisible();
}

const screens: Screen[] = [
  { name: 'login', scenario: 'login' },
  { name: 'link to a new password', scenario: 'login#/reset/abc' },
  { name: 'nothing open', scenario: 'full' },
  { name: 'conversation', scenario: 'full', show: openFirst },
  {
    name: 'conversation, from the top',
    scenario: 'full',
    show: async (page) => {
      await openFirst(page);
      await page.getByRole('log').evaluate((log) => log.scrollTo({ top: -log.scrollHeight }));
    },
  },
  {
    name: 'note',
    scenario: 'full',
    show: async (page) => {
      await openFirst(page);
      await page.keyboard.press('n');
      await page.keyboard.type('Check the stock');
    },
  },
  {
    name: 'status menu',
    scenario: 'full',
    show: async (page) => {
      await openFirst(page);
      await page.getByTestId('conversation-status').click();
      await expect(page.getByRole('menu')).toBeVisible();
    },
  },
  {
    name: 'chat with an unnamed visitor who writes',
    scenario: 'full',
    show: async (page) => {
      await openRow(page, 'v2');
      await page.evaluate(() =>
        (window as unknown as { visitorTypes(id: string, typing: boolean): void }).visitorTypes('v2', true),
      );
      await expect(page.getByTestId('visitor-typing')).not.toBeEmpty();
    },
  },
  { name: 'rated chat', scenario: 'full', show: (page) => openRow(page, 'v5') },
  {
    name: 'assignee menu',
    scenario: 'full',
    show: async (page) => {
      await openFirst(page);
      await page.locator('main header button:has([data-presence])').click();
      await expect(page.getByRole('menu')).toBeVisible();
    },
  },
  {
    name: 'colleagues in the conversation',
    scenario: 'full',
    show: async (page) => {
      await openRow(page, 'v2');
      await colleaguesDo(page, 'v2', [
        { agentId: 'a2', state: 'typing' },
        { agentId: 'a3', state: 'viewing' },
      ]);
    },
  },
  { name: 'presence menu', scenario: 'full', show: (page) => page.getByTestId('own-presence').click() },
  { name: 'settings', scenario: 'full', show: (page) => page.locator('nav button[aria-haspopup]').first().click() },
  {
    name: 'leaving',
    scenario: 'full',
    show: async (page) => {
      await page.locator('nav button[aria-haspopup]').first().click();
      await page.getByRole('menuitem').last().click();
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
  {
    name: 'customer and orders as a sheet',
    scenario: 'full',
    show: async (page) => {
      await page.setViewportSize({ width: 1024, height: 640 });
      await openFirst(page);
      await page.getByRole('button', { name: /^(Show customer and orders|显示客户和订单)$/ }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
  { name: 'new conversation', scenario: 'full', show: (page) => page.keyboard.press('c') },
  { name: 'shortcuts', scenario: 'full', show: (page) => page.keyboard.press('?') },
  {
    name: 'problems',
    scenario: 'problems',
    show: (page) => page.getByTestId('connection').getByRole('button').last().click(),
  },
  {
    name: 'held reply',
    scenario: 'held',
    show: (page) => page.getByTestId('connection').getByRole('button').last().click(),
  },
  { name: 'offline', scenario: 'offline', show: openFirst },
  { name: 'locked', scenario: 'locked' },
  { name: 'outdated', scenario: 'outdated' },
  { name: 'syncing', scenario: 'syncing' },
  { name: 'empty', scenario: 'empty' },
  { name: 'all clear', scenario: 'clear' },
  { name: 'loading', scenario: 'loading' },
  { name: 'broken store', scenario: 'broken' },
];

const looks = [
  ['light', 'en-GB'],
  ['dark', 'zh-CN'],
  ['contrast', 'en-GB'],
] as const;

for (const [theme, locale] of looks) {
  test.describe(`${theme}, ${locale}`, () => {
    test.use({ locale, colorScheme: theme === 'dark' ? 'dark' : 'light' });

    for (const { name, scenario, show } of screens) {
      test(`no accessibility violation: ${name}`, async ({ page, screens: url }) => {
        await page.addInitScript((chosen) => {
          const state = { theme: chosen === 'contrast' ? 'contrast' : 'system' };
          localStorage.setItem('tradewind.preferences', JSON.stringify({ state, version: 0 }));
        }, theme);
        await page.emulateMedia({ reducedMotion: 'reduce' });
        await page.goto(`${url}?scenario=${scenario}`);
        await expect(page.locator('#root > *').first()).toBeVisible();
        await show?.(page);
        expect(await findViolations(page)).toEqual([]);
      });
    }
  });
}

for (const [width, height] of [
  [800, 900],
  [1024, 640],
  [1440, 900],
  [2560, 1440],
] as const) {
  test(`nothing is cut off or scrolls sideways at ${width} × ${height}`, async ({ page, screens: url }) => {
    await page.setViewportSize({ width, height });
    await page.goto(`${url}?scenario=full`);
    await openRow(page, 'v2');
    const overflow = await page.evaluate(() => ({
      page: document.documentElement.scrollWidth - window.innerWidth,
      log: (() => {
        const log = document.querySelector('[role="log"]');
        return log ? log.scrollWidth - log.clientWidth : 0;
      })(),
    }));
    expect(overflow).toEqual({ page: 0, log: 0 });
    await expect(page.getByTestId('composer').getByRole('button', { name: 'Send', exact: true })).toBeInViewport({
      ratio: 1,
    });
  });
}

test('zoomed to 200 % the newest message and the whole composer can be seen', async ({ page, screens: url }) => {
  await page.setViewportSize({ width: 640, height: 400 });
  await page.goto(`${url}?scenario=full`);
  await openRow(page, 'v2');
  await expect(page.getByTestId('message').last()).toBeInViewport({ ratio: 0.9 });
  await expect(page.getByTestId('composer')).toBeInViewport({ ratio: 1 });
});
