import { readdir, readFile, writeFile } from 'node:fs/promises';
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

test('closed to the tray the desk goes on; a second start brings it back', async ({ app }) => {
  await app.page.evaluate(() => window.tradewind?.shell.setPreferences({ closeToTray: true }));
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await expect.poll(() => app.isVisible()).toBe(false);
  await expect(app.desk.connection).toHaveAttribute('data-kind', 'online');
  expect(await app.startAgain()).toBe(0);
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

test('the menu follows the language chosen in the console', async ({ app }) => {
  await app.page.evaluate(() => {
    localStorage.setItem('tradewind.preferences', JSON.stringify({ state: { language: 'zh-CN' }, version: 0 }));
  });
  await app.page.reload();
  const first = () => app.electron.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items[0]?.label);
  await expect.poll(first).toBe('文件');
});

test('started by the system at log-in there is no window, but a desk', async ({ launch, profile }) => {
  test.skip(process.platform !== 'linux', 'elsewhere the system keeps the list of what it starts');
  const env = { XDG_CONFIG_HOME: profile };
  const app = await launch({ env, args: ['--hidden'] });
  await expect(app.page.locator('input[name=server]')).toBeAttached();
  expect(await app.isVisible()).toBe(false);
  const entry = join(profile, 'autostart', 'tradewind.desktop');
  const set = (startAtLogin: boolean) =>
    app.page.evaluate((on) => window.tradewind?.shell.setPreferences({ startAtLogin: on }), startAtLogin);
  expect(await set(true)).toMatchObject({ startAtLogin: true });
  expect(await readFile(entry, 'utf8')).toMatch(/^Exec=".+" "--hidden"$/m);
  expect(await set(false)).toMatchObject({ startAtLogin: false });
  expect(await readdir(join(profile, 'autostart'))).toEqual([]);
});

test('a window that was maximised stays away when the system starts the app', async ({ launch, profile }) => {
  const window = { x: 10, y: 10, width: 900, height: 640, maximized: true };
  await writeFile(join(profile, 'settings.json'), JSON.stringify({ window }));
  const app = await launch({ args: ['--hidden'] });
  await expect(app.page.locator('input[name=server]')).toBeAttached();
  expect(await app.isVisible()).toBe(false);
  await app.close();
  expect(JSON.parse(await readFile(join(profile, 'settings.json'), 'utf8'))).toMatchObject({ window });
});

test('the right mouse button offers to paste where one writes, in the console’s language', async ({ app, stand }) => {
  await app.receiveMail(stand, 'Something to paste');
  await app.desk.open('Something to paste');
  await app.electron.evaluate(({ Menu }) => {
    const offered: string[][] = [];
    Object.assign(globalThis, { offered });
    Menu.prototype.popup = function (this: Electron.Menu) {
      offered.push(this.items.map(({ label }) => label));
    };
  });
  const offered = () => app.electron.evaluate(() => (globalThis as unknown as { offered: string[][] }).offered);
  await app.desk.field.click({ button: 'right' });
  await expect.poll(offered).toEqual([['Undo', 'Redo', '', 'Cut', 'Copy', 'Paste', '', 'Select all']]);
  await app.page.evaluate(() => window.tradewind?.shell.setPreferences({ language: 'zh-CN' }));
  await app.desk.field.click({ button: 'right' });
  await expect.poll(async () => (await offered()).at(-1)).toContain('粘贴');
  await app.desk.connection.click({ button: 'right' });
  expect(await offered()).toHaveLength(2);
});

test('the icon in the tray is drawn', async ({ app }) => {
  const images = await app.electron.evaluate(({ Tray }) => {
    const seen: { isEmpty: boolean; png: string }[] = [];
    Object.assign(globalThis, { seen });
    Tray.prototype.setImage = (image) => {
      if (typeof image !== 'string') seen.push({ isEmpty: image.isEmpty(), png: image.toDataURL() });
    };
    return seen;
  });
  expect(images).toEqual([]);
  for (const count of [0, 7]) await app.page.evaluate((unread) => window.tradewind?.shell.setBadge(unread), count);
  const seen = await app.electron.evaluate(
    () => (globalThis as unknown as { seen: { isEmpty: boolean; png: string }[] }).seen,
  );
  expect(seen.map(({ isEmpty }) => isEmpty)).toEqual([false, false]);
  expect(seen[0]?.png).not.toBe(seen[1]?.png);
});

test('a locked screen is away; a machine that wakes up looks at once, over a new connection', async ({ app }) => {
  const heard = await app.listen();
  const connected = app.page.waitForEvent('websocket');
  await app.electron.evaluate(({ powerMonitor }) => {
    for (const event of ['lock-screen', 'resume', 'resume', 'unlock-screen']) powerMonitor.emit(event);
  });
  await connected;
  await expect(app.desk.connection).toHaveAttribute('data-kind', 'online');
  const [away, online] = ['away', 'online'].map((presence) => ({ type: 'presence', presence }));
  expect(await heard()).toEqual([away, { type: 'resync' }, online]);
});

test('the menu asks the page', async ({ app }) => {
  await app.electron.evaluate(({ Menu }) => {
    const file = Menu.getApplicationMenu()?.items[0]?.submenu?.items;
    file?.find(({ label }) => label === 'New conversation')?.click();
  });
  await expect(app.page.getByRole('dialog', { name: 'New conversation' })).toBeVisible();
});
