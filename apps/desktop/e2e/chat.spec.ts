import { expect, type Page } from '@playwright/test';
import { test } from './support/fixtures.ts';

/** Made-up conversations: a visitor without a name, and one who has rated. */
const CHAT = 'v2';
const RATED = 'v5';
const MAIL = 'v1';

interface MadeUpDesk {
  receive(conversationId: string, text: string): void;
  visitorTypes(conversationId: string, typing: boolean): void;
  live: { said: string[] };
}

async function open(page: Page, url: string, id = CHAT, scenario = 'full'): Promise<void> {
  await page.goto(`${url}?scenario=${scenario}`);
  await page.locator(`#conversation-${id}`).click();
  await expect(page.getByRole('log')).toBeVisible();
}

const visitorTypes = (page: Page, typing: boolean) =>
  page.evaluate(([id, on]) => (window as unknown as MadeUpDesk).visitorTypes(id, on), [CHAT, typing] as const);
const receive = (page: Page, text: string) =>
  page.evaluate(([id, words]) => (window as unknown as MadeUpDesk).receive(id, words), [CHAT, text] as const);
const said = (page: Page) => page.evaluate(() => (window as unknown as MadeUpDesk).live.said);
const field = (page: Page) => page.getByTestId('composer').getByRole('textbox');

/** Playwright's pages believe they have the keyboard; this one is told that it lost it, or got it back. */
function setFocused(page: Page, focused: boolean): Promise<void> {
  return page.evaluate((on) => {
    document.hasFocus = () => on;
    window.dispatchEvent(new Event(on ? 'focus' : 'blur'));
  }, focused);
}

test('a chat has a visitor in place of a subject: in the list, the header and the composer', async ({
  page,
  screens,
}) => {
  await open(page, screens);
  await expect(page.getByRole('heading', { level: 2, name: 'Visitor · U2' }).first()).toBeVisible();
  await expect(page.locator(`#conversation-${CHAT}`)).toContainText('Visitor · U2');
  await expect(page.locator('body')).not.toContainText('No subject');
  await expect(page.getByTestId('composer')).not.toContainText('To');
  await expect(field(page)).toHaveAccessibleName('Reply to Visitor · U2');
});

test('the list says in words which conversation has a message that was not sent', async ({ page, screens }) => {
  await page.goto(`${screens}?scenario=full`);
  await expect(page.locator(`#conversation-${CHAT}`)).toHaveAccessibleName(/A message could not be sent/);
  await expect(page.locator(`#conversation-${MAIL}`)).not.toHaveAccessibleName(/could not be sent/);
  await page.locator(`#conversation-${CHAT}`).click();
  await page.getByTestId('message').filter({ hasText: '新的报价单' }).getByRole('button', { name: 'Drop' }).click();
  await expect(page.locator(`#conversation-${CHAT}`)).not.toHaveAccessibleName(/could not be sent/);
});

test('that the visitor writes is said without anything moving', async ({ page, screens }) => {
  await open(page, screens);
  const places = () =>
    page.evaluate(() =>
      ['[data-testid="message"]:last-of-type', '[data-testid="composer"]'].map((selector) =>
        Math.round(document.querySelector(selector)?.getBoundingClientRect().top ?? -1),
      ),
    );
  const before = await places();
  await visitorTypes(page, true);
  await expect(page.getByTestId('visitor-typing')).toHaveText('Visitor · U2 is writing');
  await expect(page.getByTestId('visitor-typing')).toHaveRole('status');
  expect(await places()).toEqual(before);
  await visitorTypes(page, false);
  await expect(page.getByTestId('visitor-typing')).toHaveText('');
  expect(await places()).toEqual(before);
});

test('the visitor learns that his answer is being written, and nothing of notes or mails', async ({
  page,
  screens,
}) => {
  await open(page, screens);
  // Said again every few seconds while one goes on: on a slow machine more than once.
  const typing = async () =>
    (await said(page))
      .filter((word) => word.startsWith('typing'))
      .filter((word, index, words) => word !== words[index - 1]);
  await page.getByRole('tab', { name: 'Note' }).click();
  await field(page).pressSequentially('for us');
  expect(await typing()).toEqual([]);
  await page.getByRole('tab', { name: 'Reply' }).click();
  await field(page).pressSequentially('One moment');
  expect(await typing()).toEqual([`typing ${CHAT} true`]);
  await page.keyboard.press('Control+Enter');
  await expect.poll(typing).toEqual([`typing ${CHAT} true`, `typing ${CHAT} false`]);
  await field(page).pressSequentially('and');
  await page.locator(`#conversation-${MAIL}`).click();
  await field(page).pressSequentially('Dear Amélie');
  expect(await typing()).toEqual([true, false, true, false].map((on) => `typing ${CHAT} ${on}`));
});

test('a message is seen when it is in sight in a window somebody works in', async ({ page, screens }) => {
  await open(page, screens);
  const seen = async () => (await said(page)).filter((word) => word.startsWith('seen'));
  await expect.poll(seen).toEqual([`seen ${CHAT} ${CHAT}-m9`]);
  await setFocused(page, false);
  await receive(page, 'Anybody here?');
  await expect(page.getByTestId('message').filter({ hasText: 'Anybody here?' })).toBeInViewport();
  expect(await seen()).toHaveLength(1);
  await setFocused(page, true);
  await expect.poll(seen).toHaveLength(2);

  await page.getByRole('log').evaluate((log) => log.scrollTo({ top: -log.scrollHeight }));
  await receive(page, 'Below the edge');
  await expect(page.getByRole('button', { name: '1 new message' })).toBeVisible();
  expect(await seen()).toHaveLength(2);
  await page.getByRole('button', { name: '1 new message' }).click();
  await expect.poll(seen).toHaveLength(3);
});

test('a mail is never reported as seen', async ({ page, screens }) => {
  await open(page, screens, MAIL);
  await expect(page.getByTestId('message').last()).toBeInViewport();
  expect((await said(page)).filter((word) => word.startsWith('seen'))).toEqual([]);
});

test('short messages in a row stand together and tell their state once', async ({ page, screens }) => {
  await open(page, screens);
  const first = page.getByTestId('message').filter({ hasText: '在的，请稍等' });
  const second = page.getByTestId('message').filter({ hasText: 'There are four left' });
  await expect(first.getByTestId('delivery-state')).toHaveCount(0);
  await expect(second.getByTestId('delivery-state')).toHaveText('Seen');
  await expect(page.getByTestId('message').filter({ hasText: '新的报价单' }).getByTestId('delivery-state')).toHaveText(
    'Failed',
  );
});

test('what a visitor typed about himself is marked as not verified, and why that matters', async ({
  page,
  screens,
}) => {
  await open(page, screens);
  const panel = page.getByRole('complementary', { name: 'Customer and orders' });
  const claim = panel.getByRole('listitem').filter({ hasText: 'a.visitor.with.a.long.address' });
  await expect(claim).toContainText('Not verified');
  await expect(panel).toContainText('it opens no orders and joins no other conversation');
  await expect(panel.getByRole('link', { name: '/lamps/cloud?variant=warm-white' })).toHaveAttribute('rel', /noopener/);
  await expect(panel).toContainText('Chinese (China)');
  await page.locator(`#conversation-${MAIL}`).click();
  await expect(panel).not.toContainText('Not verified');
});

test('a rating stands in the timeline and beside it', async ({ page, screens }) => {
  await open(page, screens, RATED);
  const line = page.getByTestId('rating');
  await expect(line.getByRole('img', { name: 'Rated 4 of 5' })).toBeVisible();
  await expect(line).toContainText('Thank you, Lin!');
  const panel = page.getByRole('complementary', { name: 'Customer and orders' });
  await expect(panel.getByRole('region', { name: 'Rating' })).toContainText('Thank you, Lin!');
});

test('one cannot write to a visitor first', async ({ page, screens }) => {
  await page.goto(`${screens}?scenario=full`);
  await expect(page.getByTestId('connection')).toBeVisible(); // keys are heard once the desk stands
  await page.keyboard.press('c');
  const channels = page.getByLabel('Channel').getByRole('option');
  await expect(channels).toHaveText(['Support mail · support@shop.example']);
});

test('presence is chosen at one’s own picture, and colleagues’ stands in words where work is given to them', async ({
  page,
  screens,
}) => {
  await open(page, screens);
  const own = page.getByTestId('own-presence');
  await expect(own).toHaveAccessibleName('林晓: Online');
  await own.click();
  await page.getByRole('menuitemradio', { name: 'Away' }).click();
  await expect(own).toHaveAccessibleName('林晓: Away');
  await page.getByRole('button', { name: /Assignee/ }).click();
  await expect(page.getByRole('menuitemradio')).toContainText(['林晓 (you)', 'Maya Okafor', 'Alexandria', 'Nobody']);
  await expect(page.getByRole('menuitemradio', { name: 'Maya Okafor' })).toContainText('Away');
  await expect(page.getByRole('menuitemradio', { name: 'Alexandria' })).toContainText('Offline');
});

test('while offline nobody’s presence is claimed', async ({ page, screens }) => {
  await open(page, screens, CHAT, 'offline');
  await expect(page.getByTestId('own-presence')).toHaveAccessibleName('林晓: Offline');
  await page.getByRole('button', { name: /Assignee/ }).click();
  await expect(page.getByRole('menuitemradio', { name: 'Maya Okafor' })).not.toContainText(/Away|Offline|Online/);
});

test('copying says that it worked', async ({ page, screens }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${screens}?scenario=problems`);
  await page.getByTestId('connection').getByRole('button').last().click();
  const item = page.getByRole('listitem').filter({ hasText: 'Your lamp left our warehouse' });
  await item.getByRole('button', { name: 'Copy' }).click();
  await expect(item.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('Your lamp left');
  await expect(item.getByRole('button', { name: 'Copy', exact: true })).toBeVisible();
});
