import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';

test('a second start hands its link over, ends with 0, and the first window goes there', async ({ app, stand }) => {
  const id = await app.receiveMail(stand, 'Link to a warm app');
  await app.hide();
  expect(await app.startAgain([`tradewind://conversation/${id}`])).toBe(0);
  await expect(app.page.getByRole('heading', { name: 'Link to a warm app' })).toBeVisible();
  expect(await app.isVisible()).toBe(true);
  expect(await app.startAgain()).toBe(0);
  expect(app.electron.windows()).toHaveLength(1);
});

test('a link that starts the app leads there after the log-in', async ({ ownApp, launch, stand }) => {
  const id = await ownApp.receiveMail(stand, 'Link to a cold app');
  await ownApp.close();
  const next = await launch({ args: [`tradewind://conversation/${id}?server=${encodeURIComponent(stand.url)}`] });
  await next.logIn(stand.agents.lin);
  await expect(next.page.getByRole('heading', { name: 'Link to a cold app' })).toBeVisible();
});

test('a link never connects to a server unasked', async ({ app, stand }) => {
  await app.startAgain(['tradewind://connect?server=http://127.0.0.1:9/']);
  await expect(app.page.getByRole('dialog').locator('input[name=server]')).toHaveValue('http://127.0.0.1:9/');
  await app.page.keyboard.press('Escape');
  await app.startAgain(['tradewind://conversation/c1?server=http%3A%2F%2F127.0.0.1%3A9']);
  await expect(app.page.getByRole('dialog').locator('input[name=server]')).toHaveValue('http://127.0.0.1:9');
  const { current } = await app.page.evaluate(
    async () => (await window.tradewind?.servers.list()) ?? { current: null },
  );
  expect(current).toBe(stand.url);
});

test('the link of a server that is there is gone to when the person says so', async ({ launch, stand }) => {
  const app = await launch({ args: [`tradewind://connect?server=${encodeURIComponent(stand.url)}`] });
  const dialog = app.page.getByRole('dialog');
  await dialog.getByRole('button', { name: /Connect|Check/ }).click();
  await dialog.getByRole('button', { name: /Go to|Open/ }).click();
  await app.logIn(stand.agents.lin);
});
