import { expect, type Page } from '@playwright/test';
import { findViolations } from './support/axe.ts';
import { ConsolePage } from './support/console-page.ts';
import { test } from './support/fixtures.ts';
import type { AgentLogin } from './support/stand.ts';

const LOGIN = 'Log in to your desk';

async function logOut(page: Page, choice: 'keep' | 'erase'): Promise<void> {
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByRole('button', { name: `Log out and ${choice}` }).click();
  await expect(page.getByRole('heading', { name: LOGIN })).toBeVisible();
}

/** Chooses an agent whose data lies here, and types his password. */
async function comeBack(page: Page, agent: AgentLogin, password = agent.password): Promise<void> {
  const own = page.getByRole('group', { name: 'Kept on this device' }).getByRole('button', { name: agent.email });
  if ((await own.getAttribute('aria-pressed')) !== 'true') await own.click();
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
}

test('[R15] a device whose session is ended elsewhere erases what lies on it at its next contact, and says so', async ({
  browser,
  page,
  stand,
}) => {
  const agent = await stand.hire('Erin');
  await stand.lab.mail({ from: 'erin-customer@mail.example', subject: 'Left in a train', text: 'x' });
  const lost = new ConsolePage(page);
  await lost.logIn(stand.url, agent);
  await lost.open('Left in a train');
  await lost.field.fill('Half a sentence');
  await page.context().setOffline(true);
  await expect(lost.connection).toHaveAttribute('data-kind', 'offline');
  await lost.reply('Never sent');

  const other = await browser.newPage();
  await new ConsolePage(other).logIn(stand.url, agent);
  await other.goto(`${stand.url}/#/settings/devices`);
  await expect(other.getByText('erases what lies on that device')).toBeVisible();
  await other.getByRole('button', { name: 'Log out the other device' }).click();
  await expect(other.getByRole('list', { name: 'Devices' }).getByRole('listitem')).toHaveCount(1);
  await other.close();

  await page.context().setOffline(false);
  await expect(page.getByRole('heading', { name: 'This device was erased' })).toBeVisible();
  expect(await findViolations(page)).toEqual([]);
  expect(await page.evaluate(() => Object.keys(localStorage).join())).not.toContain(agent.id);
  await expect
    .poll(async () => (await page.evaluate(() => indexedDB.databases())).map(({ name = '' }) => name).join())
    .not.toContain(agent.id);
  await page.getByRole('button', { name: 'To the log-in' }).click();
  await lost.logIn(stand.url, agent);
  await lost.open('Left in a train');
  await expect(lost.message('Never sent')).toHaveCount(0);
  expect(await stand.lab.sentTo('erin-customer@mail.example')).toEqual([]);
});

test('[R15] a shared seat: who logs out and keeps comes back without a network, and nobody sends in his name', async ({
  page,
  stand,
}) => {
  const [first, second] = [await stand.hire('Fay'), await stand.hire('Gus')];
  const customer = 'fay-customer@mail.example';
  await stand.lab.mail({ from: customer, subject: 'Two at one desk', text: 'x' });
  const desk = new ConsolePage(page);
  await desk.logIn(stand.url, first);
  await desk.open('Two at one desk');
  await page.context().setOffline(true);
  await expect(desk.connection).toHaveAttribute('data-kind', 'offline');
  await desk.reply('Sent when I am back');

  // What has not been sent is named before anything is chosen.
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  const unsent = page.getByRole('list', { name: 'Not sent yet' });
  await expect(unsent).toContainText('Sent when I am back');
  await expect(unsent).toContainText('Two at one desk');
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Log out and keep' }).click();
  await expect(page.getByRole('heading', { name: LOGIN })).toBeVisible();
  await expect(page.getByText('Two at one desk')).toHaveCount(0);
  expect(await findViolations(page)).toEqual([]);

  // Another agent at the same seat neither sees nor sends it.
  await page.context().setOffline(false);
  await desk.logIn(stand.url, second);
  await desk.open('Two at one desk');
  await expect(desk.message('Sent when I am back')).toHaveCount(0);
  expect(await stand.lab.sentTo(customer)).toEqual([]);
  await page.context().setOffline(true);
  await expect(desk.connection).toHaveAttribute('data-kind', 'offline');
  await logOut(page, 'keep');

  // The first one comes back with no network; only his own password lets him in.
  await comeBack(page, first, 'not my password');
  await expect(page.getByRole('alert')).toContainText(['Email and password do not match']);
  await comeBack(page, first);
  await expect(desk.connection).toHaveAttribute('data-kind', 'offline');
  await desk.open('Two at one desk');
  await expect(desk.message('Sent when I am back')).toBeVisible();

  // The server has yet to let him in; then it is sent, once.
  await page.context().setOffline(false);
  const locked = page.getByRole('dialog', { name: 'Your session has ended' });
  await expect(locked).toBeVisible();
  await expect(page.getByRole('main')).toBeHidden();
  await locked.getByLabel('Password', { exact: true }).fill(first.password);
  await locked.getByRole('button', { name: 'Log in', exact: true }).click();
  await expect(desk.connection).toHaveAttribute('data-kind', 'online');
  await expect.poll(async () => (await stand.lab.sentTo(customer)).map(({ text }) => text.trim())).toHaveLength(1);
  await logOut(page, 'erase');
  const kept = page.getByRole('group', { name: 'Kept on this device' });
  await expect(kept).toContainText(second.email);
  await expect(kept).not.toContainText(first.email);
});

test('after 14 days without the server nothing is shown until it has been heard', async ({ page, stand }) => {
  const agent = await stand.hire('Hana');
  const desk = new ConsolePage(page);
  await desk.logIn(stand.url, agent);
  await page.context().setOffline(true);
  await expect(desk.connection).toHaveAttribute('data-kind', 'offline');
  // Lets as many days pass as far as this device knows.
  const age = (days: number) =>
    page.evaluate((ms) => {
      const key = `tradewind.kept/${window.location.origin}`;
      const kept = JSON.parse(localStorage.getItem(key) ?? '{}');
      for (const one of Object.values(kept) as { contactAt: number }[]) one.contactAt -= ms;
      localStorage.setItem(key, JSON.stringify(kept));
    }, days * 86_400_000);
  await age(12);
  await page.reload();
  await expect(desk.connection).toContainText('Locks in 2 days without contact');
  await age(2);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'No contact for 14 days' })).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Queues' })).toHaveCount(0);
  expect(await findViolations(page)).toEqual([]);
  await page.context().setOffline(false);
  await expect(desk.connection).toHaveAttribute('data-kind', 'online');
});
