import { expect } from '@playwright/test';
import { ConsolePage } from './support/console-page.ts';
import { test } from './support/fixtures.ts';

test('two tabs show the same, one of them sends, and the other takes over when it closes', async ({
  desk,
  page,
  stand,
}) => {
  await stand.lab.mail({ from: 'tabs@mail.example', subject: 'Two tabs', text: 'Are you there?' });
  const other = new ConsolePage(await page.context().newPage());
  await other.page.goto(stand.url);
  await expect(other.connection).toHaveAttribute('data-kind', 'online');
  await desk.open('Two tabs');
  await other.open('Two tabs');

  // The second tab does not lead: what is written there is sent by the first one and appears in both.
  await other.reply('Written in the second tab');
  await expect(desk.message('Written in the second tab')).toBeVisible();
  await expect.poll(() => stand.lab.sentTo('tabs@mail.example')).toHaveLength(1);

  await page.context().setOffline(true);
  await expect(other.connection).toHaveAttribute('data-kind', 'offline');
  await desk.reply('Written offline in the first tab');
  await expect(other.message('Written offline in the first tab')).toBeVisible();
  await page.close();
  await other.page.context().setOffline(false);
  await expect(other.connection).toHaveAttribute('data-kind', 'online');
  await expect.poll(() => stand.lab.sentTo('tabs@mail.example')).toHaveLength(2);
  await expect(other.message('Written offline in the first tab')).toHaveCount(1);
  await stand.lab.mail({ from: 'tabs@mail.example', subject: 'After the first tab', text: 'Still there?' });
  await expect(other.row('After the first tab')).toBeVisible();
});
