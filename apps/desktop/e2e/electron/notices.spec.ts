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

test('a notice clicked after a restart leads to its conversation', async ({ app, again, launch, stand }) => {
  const notices = await app.spyNotices();
  await app.lookAway();
  await stand.lab.mail({ from: 'Bo <bo@shop.example>', subject: 'Left in the notification centre', text: 'Hello?' });
  await expect.poll(() => notices.shown()).toHaveLength(1);
  const [kept] = await app.keptNotices();
  await app.close();
  // What the toast of Windows is made to start: its link.
  const link = `tradewind://conversation/${kept?.conversationId}?server=${encodeURIComponent(kept?.server ?? '')}`;
  const next = await launch({ args: [link] });
  await next.logIn(stand.agents.lin);
  await expect(next.page.getByRole('heading', { name: 'Left in the notification centre' })).toBeVisible();
  expect(await again({ args: [link] })).toBe(0);
});
