import { readFile } from 'node:fs/promises';
import { type Browser, expect, type Page } from '@playwright/test';
import { findViolations } from './support/axe.ts';
import { test } from './support/fixtures.ts';
import type { AgentLogin } from './support/stand.ts';
import { nextTotp, totpAt } from './support/totp.ts';

async function fillLogin(page: Page, agent: Pick<AgentLogin, 'email' | 'password'>): Promise<void> {
  await page.getByLabel('Email').fill(agent.email);
  await page.getByLabel('Password', { exact: true }).fill(agent.password);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
}

function expectDesk(page: Page): Promise<void> {
  return expect(page.getByTestId('connection')).toHaveAttribute('data-kind', 'online');
}

/** Logs somebody in on a device of their own. */
async function logInElsewhere(browser: Browser, url: string, agent: AgentLogin): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(url);
  await fillLogin(page, agent);
  await expectDesk(page);
  return page;
}

async function openSettings(page: Page, section: string): Promise<void> {
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('menuitem', { name: 'All settings' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'My account' })).toBeFocused();
  if (section === 'My account') return;
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: section, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: section })).toBeFocused();
}

test('log-in codes: set up by the secret, asked for at the next log-in, a recovery code counts once', async ({
  page,
  stand,
}) => {
  const agent = await stand.hire('Tomo');
  await page.goto(stand.url);
  await fillLogin(page, agent);
  await expectDesk(page);
  await openSettings(page, 'My account');
  await page.getByRole('button', { name: 'Set up' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your password', { exact: true }).fill('not-the-password');
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(dialog.getByText('This is not your password.')).toBeVisible();
  await dialog.getByLabel('Your password', { exact: true }).fill(agent.password);
  await dialog.getByRole('button', { name: 'Continue' }).click();

  await expect(dialog.getByRole('img', { name: /QR code/ })).toBeVisible();
  const secret = await dialog.getByRole('textbox', { name: /type this secret/ }).inputValue();
  expect(await findViolations(page)).toEqual([]);
  await dialog.getByLabel('Code from the app').fill('000000');
  await dialog.getByRole('button', { name: 'Turn on' }).click();
  await expect(dialog.getByText('This is not the code the app shows now.')).toBeVisible();
  await dialog.getByLabel('Code from the app').fill(totpAt(secret, Date.now()));
  await dialog.getByRole('button', { name: 'Turn on' }).click();

  const codes = await dialog.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').allTextContents();
  expect(new Set(codes).size).toBe(10);
  expect(await findViolations(page)).toEqual([]);
  const file = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save as a file' }).click();
  expect(await readFile(await (await file).path(), 'utf8')).toContain(codes.join('\n'));
  await dialog.getByRole('button', { name: 'I have kept them' }).click();
  await expect(page.getByRole('region', { name: 'Log-in codes' })).toContainText('On');
  await page.context().clearCookies();

  for (const [code, counts] of [
    ['123456', false],
    [nextTotp(secret), true],
    [codes[0] ?? '', true],
    [codes[0] ?? '', false],
  ] as const) {
    await page.context().clearCookies();
    await page.goto('about:blank');
    await page.goto(stand.url);
    await fillLogin(page, agent);
    await expect(page.getByLabel('Log-in code')).toBeFocused();
    await page.getByLabel('Log-in code').fill(code);
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    if (counts) await expectDesk(page);
    else await expect(page.getByText('This code is wrong or was used already.')).toBeVisible();
  }
  expect(await findViolations(page)).toEqual([]);
});

test('devices: each is listed with this one marked, and one that is logged out there is erased here', async ({
  browser,
  stand,
}) => {
  const agent = await stand.hire('Dina');
  const here = await logInElsewhere(browser, stand.url, agent);
  const there = await logInElsewhere(browser, stand.url, agent);
  await openSettings(here, 'Devices');
  const rows = here.getByRole('list', { name: 'Devices' }).getByRole('listitem');
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText('This device');
  await expect(rows.first().getByRole('button')).toHaveCount(0);
  expect(await findViolations(here)).toEqual([]);
  await rows
    .nth(1)
    .getByRole('button', { name: /Log out/ })
    .click();
  await expect(rows).toHaveCount(1);
  await expect(there.getByRole('heading', { name: 'This device was erased' })).toBeVisible();
  await there.context().close();
  await here.context().close();
});

test('an admin hands out a password link; it opens the desk once and ends what was open', async ({
  page,
  browser,
  stand,
}) => {
  const agent = await stand.hire('Rosa');
  const before = await logInElsewhere(browser, stand.url, agent);
  await page.goto(stand.url);
  await fillLogin(page, stand.admin);
  await expectDesk(page);
  await openSettings(page, 'People');
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Change Rosa' }).click();
  await page.getByRole('button', { name: 'Make a password link' }).click();
  const link = await page.getByRole('textbox', { name: 'Link for a new password' }).inputValue();
  expect(await findViolations(page)).toEqual([]);

  const context = await browser.newContext({ locale: 'en-GB' });
  const rosa = await context.newPage();
  await rosa.goto(link);
  expect(await findViolations(rosa)).toEqual([]);
  await rosa.getByLabel('New password', { exact: true }).fill('short');
  await rosa.getByRole('button', { name: 'Set password and log in' }).click();
  await expect(rosa.getByText('Use at least 8 characters.')).toBeVisible();
  await rosa.getByLabel('New password', { exact: true }).fill('another-long-one');
  await rosa.getByRole('button', { name: 'Set password and log in' }).click();
  await expectDesk(rosa);
  await expect(before.getByRole('dialog', { name: 'Your session has ended' })).toBeVisible();

  await rosa.goto('about:blank');
  await rosa.goto(link);
  await rosa.getByLabel('New password', { exact: true }).fill('and-another-one');
  await rosa.getByRole('button', { name: 'Set password and log in' }).click();
  await expect(rosa.getByRole('alert').filter({ hasText: 'This link does not work any more' })).toBeVisible();
  expect(await findViolations(rosa)).toEqual([]);
  await context.close();
  await before.context().close();
});

test('a forgotten password: the mail with the link goes out through the desk’s mailbox', async ({ page, stand }) => {
  const agent = await stand.hire('Femi');
  await page.goto(stand.url);
  await page.getByRole('button', { name: 'Forgot your password?' }).click();
  await page.getByLabel('Email').fill(agent.email);
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await expect(page.getByText('Look into your mailbox')).toBeVisible();
  await expect.poll(() => stand.lab.sentTo(agent.email)).toHaveLength(1);
  const [mail] = await stand.lab.sentTo(agent.email);
  const link = /http\S+#\/reset\/\S+/.exec(mail?.text ?? '')?.[0] ?? '';
  await page.goto(link);
  await page.getByLabel('New password', { exact: true }).fill('remember-this-one');
  await page.getByRole('button', { name: 'Set password and log in' }).click();
  await expectDesk(page);
});

test('disabling somebody hands over what is open, logs out everywhere, and can be taken back', async ({
  page,
  browser,
  stand,
}) => {
  const agent = await stand.hire('Ilse');
  const leaving = await logInElsewhere(browser, stand.url, agent);
  await stand.lab.mail({ from: 'heir@mail.example', subject: 'Whose is this now', text: 'Hello?' });
  await leaving.getByRole('navigation', { name: 'Queues' }).getByRole('button', { name: 'All' }).click();
  await leaving.getByRole('option').filter({ hasText: 'Whose is this now' }).click();
  await leaving.keyboard.press('a');
  await expect(leaving.getByRole('button', { name: 'Assignee: Ilse' })).toBeVisible();

  await page.goto(stand.url);
  await fillLogin(page, stand.admin);
  await expectDesk(page);
  await openSettings(page, 'People');
  await page.getByRole('button', { name: 'Change Ilse' }).click();
  await page.getByRole('button', { name: 'Disable' }).click();
  await page.getByLabel('Hand open conversations to').selectOption({ label: stand.agents.maya.name });
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Disable' }).click();
  const row = page.getByRole('list', { name: 'People at this desk' }).getByRole('listitem').filter({ hasText: 'Ilse' });
  await expect(row).toContainText('Disabled');
  await expect(leaving.getByRole('heading', { name: 'This device was erased' })).toBeVisible();
  await expect(leaving.getByText('Your account was disabled.')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('navigation', { name: 'Queues' }).getByRole('button', { name: 'All' }).click();
  await page.getByRole('option').filter({ hasText: 'Whose is this now' }).click();
  await expect(page.getByRole('button', { name: `Assignee: ${stand.agents.maya.name}` })).toBeVisible();

  await openSettings(page, 'People');
  await page.getByRole('button', { name: 'Change Ilse' }).click();
  await page.getByRole('button', { name: 'Enable again' }).click();
  await expect(page.getByRole('button', { name: 'Disable' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(row).not.toContainText('Disabled');
  await leaving.context().close();
});

test('channels say how they stand; a change leaves stored secrets as they are', async ({ page, stand }) => {
  await page.goto(stand.url);
  await fillLogin(page, stand.admin);
  await expectDesk(page);
  await openSettings(page, 'Channels');
  await stand.lab.mail({ from: 'health@mail.example', subject: 'First event', text: 'x' });
  const row = page.getByRole('list', { name: 'Channels' }).getByRole('listitem').filter({ hasText: 'Support mail' });
  await expect(row).toContainText('Works', { timeout: 20_000 });
  await row.getByRole('button', { name: 'Open Support mail' }).click();
  await page.getByRole('button', { name: 'Change the settings' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('HTTP webhook signing key', { exact: true })).toHaveValue('');
  await dialog.getByLabel('Name at the desk').fill('Support mailbox');
  expect(await findViolations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByTestId('first-event')).toContainText('Looks good');
  // The key is still the one the platform signs with.
  await stand.lab.mail({ from: 'health@mail.example', subject: 'After the change', text: 'x' });
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('navigation', { name: 'Queues' }).getByRole('button', { name: 'All' }).click();
  await expect(page.getByRole('option').filter({ hasText: 'After the change' })).toBeVisible();
});

test('an agent sees the own settings only, and is told why when asking for others', async ({ desk, page, stand }) => {
  await openSettings(page, 'My account');
  await expect(page.getByRole('navigation', { name: 'Settings' }).getByRole('link')).toHaveCount(5);
  await page.goto(`${stand.url}/#/settings/people`);
  await expect(page.getByText('Only admins can change this.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(desk.composer.or(page.getByText('Choose a conversation'))).toBeVisible();
});

test('the open conversation is in the address: a reload and the way back lead to it, an unknown one says so', async ({
  desk,
  page,
  stand,
}) => {
  await stand.lab.mail({ from: 'address@mail.example', subject: 'Find me again', text: 'x' });
  await desk.open('Find me again');
  expect(new URL(page.url()).hash).toMatch(/^#\/conversation\/.+/);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Find me again' })).toBeVisible();
  await openSettings(page, 'Look');
  await page.getByRole('button', { name: 'Back to the desk' }).click();
  await expect(page.getByRole('heading', { name: 'Find me again' })).toBeVisible();
  await page.goto(`${stand.url}/#/conversation/nobody-knows-it`);
  await expect(page.getByText('This conversation is not on this device')).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'Find me again' })).toBeVisible();
});
