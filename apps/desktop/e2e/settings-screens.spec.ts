import { expect, type Page } from '@playwright/test';
import { findViolations } from './support/axe.ts';
import { answerApi } from './support/fake-api.ts';
import { test } from './support/fixtures.ts';

test.use({ serviceWorkers: 'block' });

const SECTIONS = ['account', 'devices', 'look', 'device', 'about', 'desk', 'people', 'teams', 'channels', 'shops'];
const STEPS = 7;

async function chooseLook(page: Page, theme: string): Promise<void> {
  await page.addInitScript((chosen) => {
    localStorage.setItem('tradewind.preferences', JSON.stringify({ state: { theme: chosen }, version: 0 }));
  }, theme);
  await page.emulateMedia({ reducedMotion: 'reduce' });
}

/** Opens every section of the settings and every step of the guide, one after the other. */
async function visitAll(page: Page, url: string, visit: (name: string) => Promise<void>): Promise<void> {
  for (const section of SECTIONS) {
    await page.goto(`${url}?scenario=admin#/settings/${section}`);
    await expect(page.locator('article h1')).toBeFocused();
    await expect(page.getByRole('status').filter({ hasText: /Loading|正在加载/ })).toHaveCount(0);
    await visit(section);
  }
  await page.goto(`${url}?scenario=admin#/setup`);
  await expect(page.locator('article h1')).toBeVisible();
  for (let step = 1; step < STEPS; step++) {
    await page.locator('nav ol li button').nth(step).click();
    await expect(page.locator('article h1')).toBeFocused();
    await visit(`step ${step + 1}`);
  }
}

for (const [theme, locale] of [
  ['light', 'en-GB'],
  ['dark', 'zh-CN'],
  ['contrast', 'en-GB'],
] as const) {
  test.describe(`${theme}, ${locale}`, () => {
    test.use({ locale });

    test('no accessibility violation in any section of the settings or step of the guide', async ({
      page,
      screens,
    }) => {
      await chooseLook(page, theme);
      await answerApi(page);
      await visitAll(page, screens, async (name) => {
        expect(await findViolations(page), name).toEqual([]);
      });
    });

    test('no accessibility violation in the windows of the settings', async ({ page, screens }) => {
      await chooseLook(page, theme);
      await answerApi(page);
      const dialog = page.getByRole('dialog');
      for (const [section, button] of [
        ['people', 0],
        ['people', 2],
        ['teams', 0],
        ['channels', 0],
        ['channels', 2],
        ['channels', 3],
      ] as const) {
        await page.goto(`${screens}?scenario=admin#/settings/${section}`);
        await page.locator('article button').nth(button).click();
        await expect(dialog).toBeVisible();
        expect(await findViolations(page), `${section} ${button}`).toEqual([]);
        await page.keyboard.press('Escape');
        await expect(dialog).toHaveCount(0);
      }
    });
  });
}

for (const [width, height] of [
  [480, 800],
  [800, 900],
  [1024, 640],
  [2560, 1440],
] as const) {
  test(`settings and guide: nothing is cut off or scrolls sideways at ${width} × ${height}`, async ({
    page,
    screens,
  }) => {
    await page.setViewportSize({ width, height });
    await answerApi(page);
    await visitAll(page, screens, async (name) => {
      const overflow = await page.evaluate(() => {
        const article = document.querySelector('article');
        const wide = [...(article?.querySelectorAll('*') ?? [])].filter(
          (element) => element.getBoundingClientRect().right > window.innerWidth + 0.5,
        );
        return {
          page: document.documentElement.scrollWidth - window.innerWidth,
          article: article ? article.scrollWidth - article.clientWidth : 0,
          wide: wide.map((element) => element.outerHTML.slice(0, 80)),
        };
      });
      expect(overflow, name).toEqual({ page: 0, article: 0, wide: [] });
    });
  });
}

test('what loads shows grey rows, what fails says so and can be tried again', async ({ page, screens }) => {
  await answerApi(page, 'silent');
  await page.goto(`${screens}?scenario=admin#/settings/people`);
  await expect(page.getByRole('status').filter({ hasText: 'Loading' })).toBeVisible();
  expect(await findViolations(page)).toEqual([]);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await answerApi(page, 'failing');
  await page.reload();
  const alert = page.getByRole('alert').filter({ hasText: 'The server met a fault.' });
  await expect(alert).toBeVisible();
  expect(await findViolations(page)).toEqual([]);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await answerApi(page);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('list', { name: 'People at this desk' })).toContainText('林晓');
  await expect(alert).toHaveCount(0);
});

test('channels: troubles are named with their reason, an unknown kind is listed and left alone', async ({
  page,
  screens,
}) => {
  await answerApi(page);
  await page.goto(`${screens}?scenario=admin#/settings/channels`);
  const rows = page.getByRole('list', { name: 'Channels' }).getByRole('listitem');
  await expect(rows.nth(0)).toContainText('Cannot send');
  await expect(rows.nth(0)).toContainText('is not verified');
  await expect(rows.nth(0)).toContainText(/1,204 requests rejected, the last one .+: The signature is wrong/);
  await expect(rows.nth(1)).toContainText('No event yet');
  await expect(rows.nth(2)).toContainText('From a newer server');
  await expect(rows.nth(2).getByRole('button')).toHaveCount(0);
});

test('log-in with a code: asked for after the password, refused with a reason, and left for another account', async ({
  page,
  screens,
}) => {
  await answerApi(page);
  await page.goto(`${screens}?scenario=login`);
  await page.getByLabel('Email').fill('lin@shop.example');
  await page.getByLabel('Password', { exact: true }).fill('code');
  await page.keyboard.press('Enter');
  const code = page.getByLabel('Log-in code');
  await expect(code).toBeFocused();
  await expect(code).toHaveAttribute('autocomplete', 'one-time-code');
  expect(await findViolations(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Type the code.')).toBeVisible();
  await code.fill('999999');
  await page.keyboard.press('Enter');
  await expect(page.getByText('This code is wrong or was used already.')).toBeVisible();
  await page.getByRole('button', { name: 'Use another account' }).click();
  await expect(page.getByLabel('Email')).toBeFocused();
});

test('a forgotten password without a mailbox: who can help is said', async ({ page, screens }) => {
  await answerApi(page);
  await page.goto(`${screens}?scenario=login#/forgot`);
  await expect(page.getByText('Ask an admin')).toBeVisible();
  await expect(page.getByText('npm run admin -- reset')).toBeVisible();
  expect(await findViolations(page)).toEqual([]);
});
