import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';
import { hasProgram, PrivateBus } from './support/private-bus.ts';

/** What a GNOME session adds; the rest of the tests run without, as on a bare machine. */
function skipWithout(...programs: string[]): void {
  const missing = ['dbus-daemon', 'dbus-send', ...programs].filter((program) => !hasProgram(program));
  test.skip(missing.length > 0, `not installed: ${missing.join(', ')}`);
}

test('[R16] with a key ring the session outlives a restart, and its token lies encrypted', async ({
  launch,
  profile,
  stand,
}) => {
  skipWithout('gnome-keyring-daemon');
  const bus = await PrivateBus.start();
  try {
    await bus.startKeyRing();
    const start = { env: bus.env, args: ['--password-store=gnome-libsecret'] };
    const app = await launch(start);
    await app.chooseServer(stand.url);
    const answered = app.page.waitForResponse('**/api/auth/login');
    await app.logIn(stand.agents.lin);
    const { token } = (await (await answered).json()) as { token: string };
    const state = await app.page.evaluate(() => window.tradewind?.session.state());
    expect(state).toEqual({ signedIn: true, storage: 'key-store' });
    await app.close();
    const files = (await readdir(profile)).filter((name) => name.endsWith('.json'));
    const texts = await Promise.all(files.map((name) => readFile(join(profile, name), 'utf8')));
    expect(texts.join()).toContain(stand.url);
    expect(texts.join()).not.toContain(token);

    const next = await launch(start);
    await expect(next.desk.connection).toHaveAttribute('data-kind', 'online');
    await next.page.evaluate(() => window.tradewind?.session.clear());
    await next.close();
    const last = await launch(start);
    await expect(last.page.getByLabel('Email')).toHaveValue(stand.agents.lin.email);
    await last.close();
  } finally {
    await bus.close();
  }
});

test('a real notice is shown, and pressing it opens the conversation', async ({ launch, stand }) => {
  skipWithout('dunst', 'dunstctl');
  const bus = await PrivateBus.start();
  try {
    await bus.startNotices();
    const app = await launch({ env: bus.env });
    await app.chooseServer(stand.url);
    await app.logIn(stand.agents.maya);
    await app.lookAway();
    await app.hide();
    await stand.lab.mail({ from: 'Cy <cy@shop.example>', subject: 'A real notice', text: 'Hello?' });
    await expect.poll(() => bus.shownNotices()).toBe(1);
    expect(bus.press()).toBe(true);
    await expect(app.page.getByRole('heading', { name: 'A real notice' })).toBeVisible();
    expect(await app.isVisible()).toBe(true);
    await app.close();
  } finally {
    await bus.close();
  }
});
