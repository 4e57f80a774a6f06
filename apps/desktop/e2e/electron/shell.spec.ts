import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';

test('the window opens where it was closed', async ({ launch }) => {
  const app = await launch();
  const bounds = { x: 40, y: 50, width: 900, height: 640 };
  await app.electron.evaluate(
    ({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows()[0]?.setBounds(wanted),
    bounds,
  );
  await app.close();
  const next = await launch();
  const opened = await next.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
  expect(opened).toEqual(bounds);
});

test('damaged settings are kept aside and do not keep the app from starting', async ({ launch, profile }) => {
  await writeFile(join(profile, 'settings.json'), '{"servers": [');
  const app = await launch();
  await expect(app.page.locator('input[name=server]')).toBeVisible();
  expect(await readdir(profile)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^settings\.json\.damaged-\d+$/)]),
  );
});

test('closed to the tray the desk goes on; a second start brings it back', async ({ app, again }) => {
  await app.page.evaluate(() => window.tradewind?.shell.setPreferences({ closeToTray: true }));
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await expect.poll(() => app.isVisible()).toBe(false);
  await expect(app.desk.connection).toHaveAttribute('data-kind', 'online');
  expect(await again()).toBe(0);
  await expect.poll(() => app.isVisible()).toBe(true);
});

test('tray and menu speak the console’s language and tell presence and what is unread', async ({ app }) => {
  await app.electron.evaluate(({ Tray }) => {
    const told: string[] = [];
    Object.assign(globalThis, { told });
    Tray.prototype.setToolTip = (text: string) => void told.push(text);
    Tray.prototype.setTitle = (text: string) => void told.push(`title ${text}`);
  });
  const last = (count: number) =>
    app.electron.evaluate((_electron, n) => (globalThis as unknown as { told: string[] }).told.slice(-n), count);
  await app.page.evaluate(() => window.tradewind?.shell.setBadge(3));
  expect(await last(2)).toEqual(['Tradewind · Online · 3 unread', 'title 3']);
  await app.page.evaluate(() => window.tradewind?.shell.setPresence('away'));
  expect(await last(2)).toEqual(['Tradewind · Away · 3 unread', 'title 3']);
  await app.page.evaluate(() => window.tradewind?.shell.setPreferences({ language: 'zh-CN' }));
  expect(await last(2)).toEqual(['Tradewind · 离开 · 3 条未读', 'title 3']);
  const labels = await app.electron.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.map(({ label }) => label));
  expect(labels).toEqual(['文件', '编辑', '显示', '窗口', '帮助']);
});

test('presence chosen in the tray reaches the desk; a locked screen is away', async ({ app }) => {
  const heard = await app.listen();
  await app.electron.evaluate(({ powerMonitor }) => {
    powerMonitor.emit('lock-screen');
    powerMonitor.emit('unlock-screen');
  });
  await expect
    .poll(heard)
    .toEqual([{ type: 'presence', presence: 'away' }, { type: 'presence', presence: 'online' }, { type: 'resync' }]);
});

test('a machine that wakes up looks at once, over a new connection', async ({ app }) => {
  const heard = await app.listen();
  const connected = app.page.waitForEvent('websocket');
  await app.electron.evaluate(({ powerMonitor }) => {
    powerMonitor.emit('resume');
    powerMonitor.emit('resume');
  });
  await connected;
  await expect(app.desk.connection).toHaveAttribute('data-kind', 'online');
  expect(await heard()).toEqual([{ type: 'resync' }]);
});

test('the menu asks the page', async ({ app }) => {
  await app.electron.evaluate(({ Menu }) => {
    const file = Menu.getApplicationMenu()?.items[0]?.submenu?.items;
    file?.find(({ label }) => label === 'New conversation')?.click();
  });
  await expect(app.page.getByRole('dialog', { name: 'New conversation' })).toBeVisible();
});
