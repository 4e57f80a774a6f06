import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';

test('a wrong password says what to do, an empty field is named', async ({ page, stand }) => {
  await page.goto(stand.url);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Type your email address.' })).toBeVisible();
  await page.getByLabel('Email').fill(stand.agents.maya.email);
  await page.getByLabel('Password', { exact: true }).fill('not-the-password');
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('alert')).toContainText(['Email and password do not match']);
});

test('language and theme are chosen before logging in and remembered', async ({ page, stand }) => {
  await page.goto(stand.url);
  await page.getByRole('button', { name: /Language/ }).click();
  await page.getByRole('menuitemradio', { name: '简体中文' }).click();
  await expect(page.getByRole('heading', { name: '登录工作台' })).toBeVisible();
  await page.getByRole('button', { name: /语言/ }).click();
  await page.getByRole('menuitemradio', { name: '深色' }).click();
  await page.reload();
  await expect(page.getByRole('heading', { name: '登录工作台' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('logging out ends the session and, if wanted, erases what lies on the device', async ({ desk, page, stand }) => {
  await stand.lab.mail({ from: 'erase@mail.example', subject: 'On this device', text: 'x' });
  await desk.open('On this device');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByRole('button', { name: 'Log out and erase' }).click();
  await expect(page.getByRole('heading', { name: 'Log in to your desk' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Log in to your desk' })).toBeVisible();
  await expect(page.getByText('On this device')).toHaveCount(0);
});

test('with no network the form says so and sends nothing', async ({ page, stand }) => {
  await page.goto(stand.url);
  await page.getByLabel('Email').fill(stand.agents.maya.email);
  await page.getByLabel('Password', { exact: true }).fill('whatever-it-is');
  await page.context().setOffline(true);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('alert')).toContainText(['The server cannot be reached']);
});

test('after too many attempts the form counts down and waits', async ({ page, screens }) => {
  await page.goto(`${screens}?scenario=login`);
  await page.getByLabel('Email').fill('lin@shop.example');
  await page.getByLabel('Password', { exact: true }).fill('limited');
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('alert')).toContainText(['You can try again in 42 seconds.']);
  await expect(page.getByRole('button', { name: 'Log in' })).toBeDisabled();
  await expect(page.getByRole('alert')).toContainText(['You can try again in 40 seconds.']);
});
