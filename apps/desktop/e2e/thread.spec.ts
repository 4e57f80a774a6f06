import { expect, type Page } from '@playwright/test';
import { colleaguesDo } from './support/colleagues.ts';
import { test } from './support/fixtures.ts';

/** The made-up desk lets a customer write into a conversation. */
function receive(page: Page, conversationId: string, text: string): Promise<void> {
  return page.evaluate(
    ([id, words]) => (window as unknown as { receive(id?: string, words?: string): void }).receive(id, words),
    [conversationId, text],
  );
}

/** Distance of the newest message from the lower edge, 0 when it is in sight. */
function distanceFromBottom(page: Page): Promise<number> {
  return page.getByRole('log').evaluate((log) => Math.abs(Math.round(log.scrollTop)));
}

const LONG_THREAD = 'v4'; // 10,000 messages

async function openLongThread(page: Page, url: string): Promise<void> {
  await page.goto(`${url}?scenario=full`);
  await page.locator(`#conversation-${LONG_THREAD}`).click();
  await expect(page.getByRole('log')).toBeVisible();
}

test('a thread of 10,000 messages opens at its newest, with a page of them', async ({ page, screens }) => {
  await openLongThread(page, screens);
  expect(await distanceFromBottom(page)).toBe(0);
  expect(await page.getByTestId('message').count()).toBeLessThanOrEqual(60);
  await expect(page.getByRole('button', { name: 'Show 9,940 earlier messages' })).toBeAttached();
});

test('looking back brings earlier messages without moving what one reads', async ({ page, screens }) => {
  await openLongThread(page, screens);
  const readTop = (id: string) =>
    page.evaluate((messageId) => {
      const message = document.querySelector(`[data-message-id="${messageId}"]`);
      return Math.round(message?.getBoundingClientRect().top ?? 0);
    }, id);
  // The position is read in the same turn as it is set: the messages come in with the scroll event after it.
  const before = await page.getByRole('log').evaluate((log) => {
    log.scrollTo({ top: -log.scrollHeight + log.clientHeight + 300 });
    const message = document.querySelectorAll('[data-message-id]')[5];
    return { id: message?.getAttribute('data-message-id') ?? '', top: message?.getBoundingClientRect().top ?? 0 };
  });
  await expect.poll(() => page.getByTestId('message').count()).toBeGreaterThan(60);
  expect(await readTop(before.id)).toBe(Math.round(before.top));
});

test('at the bottom the view follows; further up it stays and says what came', async ({ page, screens }) => {
  await openLongThread(page, screens);
  await receive(page, LONG_THREAD, 'Are you there?');
  await expect(page.getByTestId('message').filter({ hasText: 'Are you there?' })).toBeInViewport();
  expect(await distanceFromBottom(page)).toBe(0);

  await page.getByRole('log').evaluate((log) => log.scrollTo({ top: -600 }));
  await expect(page.getByRole('button', { name: 'Go to the newest message' })).toBeVisible();
  const top = () =>
    page.evaluate(() => {
      const log = document.querySelector('[role="log"]');
      const edge = log?.getBoundingClientRect().top ?? 0;
      const shown = [...document.querySelectorAll('[data-message-id]')].find(
        (message) => message.getBoundingClientRect().top >= edge,
      );
      return `${shown?.getAttribute('data-message-id')} ${Math.round(shown?.getBoundingClientRect().top ?? 0)}`;
    });
  const before = await top();
  await receive(page, LONG_THREAD, 'One more question');
  await receive(page, LONG_THREAD, 'And another\n\nwith three\nlines');
  const button = page.getByRole('button', { name: '2 new messages' });
  await expect(button).toBeVisible();
  expect(await top()).toBe(before);
  await button.click();
  await expect(page.getByTestId('message').filter({ hasText: 'And another' })).toBeInViewport();
  await expect(button).toHaveCount(0);
});

test('quoted history is folded, in plain text and in HTML', async ({ page, screens }) => {
  await page.goto(`${screens}?scenario=full`);
  await page.locator('#conversation-v0').click();
  const message = page.getByTestId('message').filter({ hasText: '还没收到货' });
  await expect(message).not.toContainText('We will write again');
  await message.getByRole('button', { name: 'Show quoted text' }).click();
  await expect(message).toContainText('We will write again');

  const html = page.getByTestId('message').filter({ hasText: 'Please see this and that.' });
  await expect(html).toContainText('two');
  await expect(html).not.toContainText('Maya Okafor wrote');
  await expect(html).not.toContainText('We will look into it');
  await html.getByRole('button', { name: 'Show quoted text' }).click();
  await expect(html).toContainText('We will look into it');
});

test('the keyboard alone: move, open, answer, note, resolve; never while typing', async ({ page, screens }) => {
  await page.goto(`${screens}?scenario=full`);
  // A button pressed before must not take the Enter that is meant for the row.
  await page.getByRole('navigation', { name: 'Queues' }).getByRole('button', { name: 'Mine' }).click();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 2, name: 'Where is my lamp? 🪔' })).toBeVisible();
  await page.keyboard.press('r');
  const field = page.getByTestId('composer').getByRole('textbox');
  await expect(field).toBeFocused();
  await page.keyboard.type('je can');
  await expect(field).toHaveValue('je can');
  await expect(page.getByTestId('conversation-status')).toContainText('Open');
  await page.keyboard.press('Enter');
  await page.keyboard.type('two lines');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByTestId('message').filter({ hasText: 'je can' })).toContainText('two lines');
  await expect(field).toHaveValue('');
  await page.keyboard.press('Escape');
  await page.keyboard.press('e');
  await expect(page.getByTestId('conversation-status')).toContainText('Resolved');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('Enter that ends an input method’s word neither sends nor moves', async ({ page, screens }) => {
  await page.goto(`${screens}?scenario=full`);
  await page.locator('#conversation-v1').click();
  const field = page.getByTestId('composer').getByRole('textbox');
  await field.fill('你好');
  for (const how of [{ isComposing: true }, { keyCode: 229 }]) {
    await field.dispatchEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true, ...how });
  }
  await expect(field).toHaveValue('你好');
});

test('drafts belong to their conversation and mode', async ({ page, screens }) => {
  await page.goto(`${screens}?scenario=full`);
  const field = page.getByTestId('composer').getByRole('textbox');
  await page.locator('#conversation-v1').click();
  await field.fill('for the customer');
  await page.getByRole('tab', { name: 'Note' }).click();
  await expect(field).toHaveValue('');
  await field.fill('for us');
  await page.locator('#conversation-v2').click();
  await expect(field).toHaveValue('');
  await page.locator('#conversation-v1').click();
  await expect(field).toHaveValue('for the customer');
  await page.getByRole('tab', { name: 'Note' }).click();
  await expect(field).toHaveValue('for us');
});

test('a refused reply goes back into the composer, behind what stands there', async ({ page, screens }) => {
  await page.goto(`${screens}?scenario=problems`);
  await page.locator('#conversation-v1').click();
  const field = page.getByTestId('composer').getByRole('textbox');
  await field.fill('Already here.');
  await page.getByTestId('connection').getByRole('button', { name: '3 things need your decision' }).click();
  await page.getByRole('button', { name: 'Edit and try again' }).first().click();
  await expect(field).toHaveValue('Already here.\n\nYour lamp left our warehouse this morning.');
  await expect(page.getByTestId('connection')).toContainText('2 things need your decision');
});

test('[R10] a held reply shows what is new, and is sent, edited or given up', async ({ page, screens }) => {
  await page.goto(`${screens}?scenario=held`);
  const ask = () => page.getByTestId('connection').getByRole('button', { name: '1 thing needs your decision' }).click();
  await ask();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('2 messages are new:')).toBeVisible();
  await expect(dialog.getByRole('list', { name: 'What is new' }).getByRole('listitem')).toHaveCount(2);
  await dialog.getByRole('button', { name: 'Send anyway' }).press('Enter');
  await expect(dialog.getByText('Nothing waits for a decision')).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { live: { said: string[] } }).live.said)).toContain(
    'confirm h1',
  );

  await page.goto(`${screens}?scenario=held`);
  await ask();
  await dialog.getByRole('button', { name: 'Edit and try again' }).click();
  await expect(page.getByTestId('composer').getByRole('textbox')).toHaveValue(/left our warehouse/);
});

test('what another device wrote at the same time stands beside the draft until one has chosen', async ({
  page,
  screens,
}) => {
  await page.goto(`${screens}?scenario=held`);
  await page.locator('#conversation-v1').click();
  const field = page.getByTestId('composer').getByRole('textbox');
  await field.fill('From the desk.');
  const other = page.getByRole('region', { name: 'Written on another of your devices at the same time' });
  await expect(other).toContainText('From the phone: it left this morning.');
  await other.getByRole('button', { name: 'Insert' }).press('Enter');
  await expect(field).toHaveValue('From the desk.\n\nFrom the phone: it left this morning.');
  await expect(other).toHaveCount(0);
});

test('a reply whose conversation is gone becomes a new one behind its draft; a note never does', async ({
  page,
  screens,
}) => {
  await page.goto(`${screens}?scenario=gone`);
  await expect(page.getByTestId('connection')).toBeVisible(); // keys are heard once the desk stands
  await page.keyboard.press('c');
  await page.getByRole('textbox', { name: 'Message' }).fill('Begun before.');
  await page.keyboard.press('Escape');
  await page.getByTestId('connection').getByRole('button', { name: '2 things need your decision' }).click();
  const edit = page.getByRole('button', { name: 'Edit and try again' });
  await expect(page.getByRole('listitem').filter({ hasText: 'A note on what is gone' })).toBeVisible();
  await expect(edit).toHaveCount(1);
  await edit.click();
  await expect(page.getByRole('textbox', { name: 'Message' })).toHaveValue('Begun before.\n\nA reply on what is gone');
});

test('below 860 px list and thread take turns, and the panel is a sheet', async ({ page, screens }) => {
  await page.setViewportSize({ width: 800, height: 900 });
  await page.goto(`${screens}?scenario=full`);
  await page.getByRole('option').first().click();
  await expect(page.getByRole('listbox')).toHaveCount(0);
  await page.getByRole('button', { name: 'Show customer and orders' }).click();
  await expect(page.getByRole('dialog', { name: 'Customer and orders' })).toContainText('#1001');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Back to the list' }).click();
  await expect(page.getByRole('listbox')).toBeVisible();
});

test('the width of a pane is changed by keyboard and remembered', async ({ page, screens }) => {
  await page.goto(`${screens}?scenario=full`);
  const splitter = page.getByRole('separator', { name: 'Width of the list' });
  await splitter.focus();
  await page.keyboard.press('ArrowRight');
  await expect(splitter).toHaveAttribute('aria-valuenow', '356');
  await page.reload();
  await expect(splitter).toHaveAttribute('aria-valuenow', '356');
});

test('colleagues in the conversation are named in its header and list row, and before one sends', async ({
  page,
  screens,
}) => {
  await page.goto(`${screens}?scenario=full`);
  await page.locator('#conversation-v2').click();
  const composer = page.getByTestId('composer');
  const send = composer.getByRole('button', { name: 'Send', exact: true });
  const before = [await composer.boundingBox(), await page.getByRole('log').boundingBox()];
  await colleaguesDo(page, 'v2', [{ agentId: 'a2', state: 'viewing' }]);
  const header = page.getByTestId('colleagues');
  await expect(header).toHaveText(/is viewing$/);
  await expect(page.locator('#conversation-v2').getByRole('img', { name: /is viewing$/ })).toBeVisible();
  await expect(composer.getByRole('status')).toHaveText('');
  await colleaguesDo(page, 'v2', [{ agentId: 'a2', state: 'typing' }]);
  await expect(composer.getByRole('status')).toHaveText(/is writing$/);
  await expect(page.locator('#conversation-v2').getByRole('img', { name: /is writing$/ })).toBeVisible();
  // Nothing moves when somebody comes or writes.
  expect([await composer.boundingBox(), await page.getByRole('log').boundingBox()]).toEqual(before);
  await composer.getByRole('textbox').fill('On its way');
  await expect(send).toBeEnabled();
  await colleaguesDo(page, 'v2', []);
  await expect(header).toHaveCount(0);
});

test('colleagues are told what one has before one, and that one writes', async ({ page, screens }) => {
  await page.goto(`${screens}?scenario=full`);
  const said = () =>
    page.evaluate(() =>
      (window as unknown as { live: { said: string[] } }).live.said.filter((one) => /^(look|writing)/.test(one)),
    );
  await page.locator('#conversation-v2').click();
  await expect.poll(said).toContain('look v2');
  await page.getByTestId('composer').getByRole('textbox').pressSequentially('Hi');
  await expect.poll(said).toContain('writing v2 true');
  await page.locator('#conversation-v5').click();
  await expect.poll(async () => (await said()).at(-1)).toBe('look v5');
});
