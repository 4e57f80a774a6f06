import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';

test('a page that is killed comes back to its conversation with the draft', async ({ ownApp: app, stand }) => {
  const id = await app.receiveMail(stand, 'Killed in the middle');
  await app.desk.open('Killed in the middle');
  await app.desk.field.fill('Half an ans');
  await app.page.waitForTimeout(500); // as long as a person needs to notice anything
  const before = await app.killPage();

  // The test's own page died with the process; the window is asked instead.
  await expect.poll(() => app.read('location.href')).toContain(id);
  await expect
    .poll(() => app.read('document.querySelector("[data-testid=composer] textarea")?.value'))
    .toBe('Half an ans');
  await expect.poll(() => app.read('document.querySelector("[data-testid=connection]")?.dataset.kind')).toBe('online');
  expect(await app.pagePid()).not.toBe(before);
});

test('a page that dies again and again is not loaded for ever: a dialog asks', async ({ ownApp: app }) => {
  await app.electron.evaluate(({ dialog }) => {
    const asked: unknown[] = [];
    Object.assign(globalThis, { asked });
    dialog.showMessageBox = async (...args: unknown[]) => {
      asked.push(args.at(-1));
      return { response: 0, checkboxChecked: false };
    };
  });
  const asked = () => app.electron.evaluate(() => (globalThis as unknown as { asked: object[] }).asked.length);
  for (let death = 1; death <= 3; death++) {
    await app.killPage();
    await expect.poll(() => app.read('document.readyState')).toBe('complete');
  }
  expect(await asked()).toBe(0);
  await app.killPage();
  await expect.poll(asked).toBe(1);
  // "Try again" was the answer.
  await expect.poll(() => app.read('document.querySelector("[data-testid=connection]")?.dataset.kind')).toBe('online');
});

test('after a power cut the app knows its agent, its window and the draft', async ({ ownApp, launch, stand }) => {
  const bounds = { x: 40, y: 50, width: 1440, height: 860 };
  await ownApp.electron.evaluate(({ BrowserWindow }, at) => BrowserWindow.getAllWindows()[0]?.setBounds(at), bounds);
  await ownApp.receiveMail(stand, 'Lights out');
  await ownApp.desk.open('Lights out');
  await ownApp.desk.field.fill('Half an ans');
  await ownApp.page.waitForTimeout(3_000); // Chromium alone would write who is logged in up to a minute later
  await ownApp.kill();

  const next = await launch();
  await expect(next.page.getByLabel('Email')).toHaveValue(stand.agents.lin.email);
  expect(await next.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())).toEqual(
    bounds,
  );
  await next.logIn(stand.agents.lin);
  await next.desk.open('Lights out');
  await expect(next.desk.field).toHaveValue('Half an ans');
});
