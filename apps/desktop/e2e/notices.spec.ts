import { expect, type Page } from '@playwright/test';
import { test } from './support/fixtures.ts';

/** The browser's answer to the question whether this page may show notices. */
async function pretendPermission(page: Page, permission: NotificationPermission): Promise<void> {
  await page.addInitScript((given) => {
    const notification = {
      permission: given,
      requestPermission: async () => {
        notification.permission = 'granted';
      },
    };
    Object.assign(window, { Notification: notification });
  }, permission);
}

async function openSettings(page: Page, screens: string): Promise<void> {
  await page.goto(`${screens}?scenario=full`);
  await page.getByRole('button', { name: 'Settings' }).click();
}

test('notices are turned on by a click, and can be silenced', async ({ page, screens }) => {
  await pretendPermission(page, 'default');
  await openSettings(page, screens);
  await expect(page.getByRole('menuitemcheckbox', { name: /Show notices/ })).toHaveCount(0);
  await page.getByRole('menuitem', { name: 'Turn on notices' }).click();
  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(page.getByRole('menuitemcheckbox', { name: /Show notices/ })).toBeChecked();
  const sound = page.getByRole('menuitemcheckbox', { name: 'Sound' });
  await expect(sound).toBeChecked();
  await sound.click();
  await expect(sound).not.toBeChecked();
  await page.reload();
  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(sound).not.toBeChecked();
});

test('a browser that refuses is explained, not asked again', async ({ page, screens }) => {
  await pretendPermission(page, 'denied');
  await openSettings(page, screens);
  await expect(page.getByRole('menu')).toContainText('Allow them in its settings for this site');
  await expect(page.getByRole('menuitem', { name: 'Turn on notices' })).toHaveCount(0);
});
