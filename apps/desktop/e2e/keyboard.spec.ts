import { expect, type Locator, type Page } from '@playwright/test';
import { answerApi } from './support/fake-api.ts';
import { test } from './support/fixtures.ts';

test.use({ serviceWorkers: 'block' });

/** Opens a window with Enter and closes it with Escape: the cursor is back where it was. */
async function openAndLeave(page: Page, opener: Locator, dialog = page.getByRole('dialog')): Promise<void> {
  await opener.focus();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(opener).toBeFocused();
}

test('a window that is closed gives the cursor back to what has opened it', async ({ page, screens }) => {
  await answerApi(page);
  await page.goto(`${screens}?scenario=admin#/settings/people`);
  await openAndLeave(page, page.getByRole('button', { name: 'Invite somebody' }));
  await openAndLeave(page, page.getByRole('button', { name: 'Change نور الهاشمي' }));
  await openAndLeave(page, page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: /shortcuts/ }));
});

test('a window opened from a menu gives the cursor back to the button of the menu', async ({ page, screens }) => {
  await page.goto(`${screens}?scenario=full`);
  const menu = page.locator('nav button[aria-haspopup]').first();
  await menu.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'All settings' })).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Log out of this device?' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(menu).toBeFocused();
});

test('a window that leads to the composer leaves the cursor there', async ({ page, screens }) => {
  await page.goto(`${screens}?scenario=problems`);
  await page.locator('#conversation-v1').click();
  await page.getByTestId('connection').getByRole('button', { name: '3 things need your decision' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Edit and try again' }).first().focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByTestId('composer').getByRole('textbox')).toBeFocused();
});

test('Escape leaves the composer for the messages, which the arrow keys scroll; letters are shortcuts again', async ({
  page,
  screens,
}) => {
  await page.goto(`${screens}?scenario=full`);
  await expect(page.getByRole('option').first()).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const log = page.getByRole('log');
  await expect(log).toBeVisible();
  await page.keyboard.press('r');
  await page.keyboard.type('je');
  await page.keyboard.press('Escape');
  await expect(log).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => log.evaluate((element) => element.scrollTop)).toBeLessThan(0);
  await expect(page.getByRole('option', { selected: true })).toHaveAttribute('aria-posinset', '1');
  await page.keyboard.press('j');
  await expect(page.getByRole('listbox')).toBeFocused();
});

test('back from the settings one goes on at the row one left', async ({ page, screens }) => {
  await answerApi(page);
  await page.goto(`${screens}?scenario=admin`);
  await expect(page.getByRole('option').first()).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log')).toBeVisible();
  await page.evaluate(() => window.location.assign('#/settings/look'));
  await expect(page.getByRole('heading', { level: 1, name: 'Look' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('listbox')).toBeFocused();
  await expect(page.getByRole('log')).toBeVisible();
});

test('every stop of the Tab key can be seen, and it comes round', async ({ page, screens }) => {
  await answerApi(page);
  for (const where of ['full', 'admin#/settings/people', 'admin#/settings/channels', 'admin#/setup', 'login']) {
    await page.goto('about:blank');
    await page.goto(`${screens}?scenario=${where}`);
    await expect(page.locator('#root button').first()).toBeVisible();
    if (where === 'full') await page.locator('#conversation-v2').click();
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    const hidden: string[] = [];
    let stops = 0;
    let round = false;
    for (; stops < 90 && !round; stops++) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        if (element === document.body) return 'round';
        const box = element.getBoundingClientRect();
        const marked = [element, element.querySelector('[aria-selected="true"]'), element.closest(':focus-within')];
        const ring = (each: Element | null) => each !== null && getComputedStyle(each).outlineStyle !== 'none';
        const edge = element.matches('textarea, [role="listbox"]'); // their border or row is the sign
        const inSight = box.width > 0 && box.bottom > 0 && box.top < window.innerHeight && box.left < window.innerWidth;
        return inSight && (edge || marked.some(ring)) ? 'seen' : element.outerHTML.slice(0, 120);
      });
      if (stop === 'round') round = true;
      else if (stop !== 'seen') hidden.push(stop);
    }
    expect(hidden, where).toEqual([]);
    expect(round, where).toBe(true);
    expect(stops, where).toBeGreaterThan(3);
  }
});

test('the window is named in the language of the screens, with what waits', async ({ page, screens }) => {
  await page.goto(`${screens}?scenario=login`);
  await expect(page).toHaveTitle('Tradewind');
  await page.getByRole('button', { name: 'Language · Theme' }).click();
  await page.getByRole('menuitemradio', { name: '简体中文' }).click();
  await expect(page).toHaveTitle('信风');
  await page.goto('about:blank');
  await page.goto(`${screens}?scenario=full`);
  await expect(page).toHaveTitle(/^\(\d+\) 信风$/);
});
