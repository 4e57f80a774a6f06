import { existsSync } from 'node:fs';
import { symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';

test('a mail while nobody looks: a notice, whose click opens the conversation, also out of the tray', async ({
  app,
  stand,
}) => {
  const notices = await app.spyNotices();
  await app.lookAway();
  await app.hide();
  await stand.lab.mail({ from: 'Ann <ann@shop.example>', subject: 'Nobody looks', text: 'Are you there?' });
  await expect.poll(() => notices.shown()).toHaveLength(1);
  const [notice] = await notices.shown();
  expect(notice).toMatchObject({ title: expect.stringContaining('Ann'), silent: false });

  await notices.click(0);
  await expect(app.page.getByRole('heading', { name: 'Nobody looks' })).toBeVisible();
  expect(await app.isVisible()).toBe(true);
});

test('a notice replaces the one before it and is taken back when it is settled', async ({ app }) => {
  const notices = await app.spyNotices();
  const notice = {
    id: 'n1',
    kind: 'message' as const,
    title: 'Ann',
    body: 'One',
    conversationId: 'c1',
    actions: {},
    silent: true,
  };
  await app.page.evaluate((shown) => window.tradewind?.notices.show(shown), notice);
  await app.page.evaluate((shown) => window.tradewind?.notices.show(shown), { ...notice, body: 'Two' });
  await app.page.evaluate(() => window.tradewind?.notices.dismiss('n1'));
  expect(await notices.shown()).toMatchObject([{ body: 'One', silent: true }, { body: 'Two' }]);
  expect(await notices.closed()).toBe(2);
});

test('a full disk takes no notice away', async ({ app }) => {
  test.skip(!existsSync('/dev/full'), 'no /dev/full here');
  const notices = await app.spyNotices();
  const draft = join(app.profile, 'notices.json.new');
  await symlink('/dev/full', draft);
  const notice = {
    kind: 'message' as const,
    title: 'Ann',
    body: 'One',
    conversationId: 'c1',
    actions: {},
    silent: true,
  };
  await expect(
    app.page.evaluate((shown) => window.tradewind?.notices.show(shown), { ...notice, id: 'full' }),
  ).rejects.toThrow(/ENOSPC/);
  await unlink(draft);
  expect(await notices.shown()).toMatchObject([{ title: 'Ann' }]);
});

test('a notice clicked after a restart leads to its conversation', async ({ ownApp, launch, stand }) => {
  await ownApp.receiveMail(stand, 'Seen as it came'); // what a new device is filled with is no news
  const notices = await ownApp.spyNotices();
  await ownApp.lookAway();
  await stand.lab.mail({ from: 'Bo <bo@shop.example>', subject: 'Left in the notification centre', text: 'Hello?' });
  const fromBo = expect.objectContaining({ title: expect.stringContaining('Bo') });
  await expect.poll(() => notices.shown()).toContainEqual(fromBo);
  const kept = (await ownApp.keptNotices()).at(-1);
  await ownApp.close();
  // What the toast of Windows is made to start: its link.
  const link = `tradewind://conversation/${kept?.conversationId}?server=${encodeURIComponent(kept?.server ?? '')}`;
  const next = await launch({ args: [link] });
  await next.logIn(stand.agents.lin);
  await expect(next.page.getByRole('heading', { name: 'Left in the notification centre' })).toBeVisible();
  expect(await next.startAgain([link])).toBe(0);
});
