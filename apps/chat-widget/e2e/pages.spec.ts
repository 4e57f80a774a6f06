import { expect, type Page } from '@playwright/test';
import { test } from './support/fixtures.ts';

/** How things in the chat stand and look, read from inside. */
function measure(page: Page) {
  return page.evaluate(() => {
    const root = document.querySelector('tradewind-chat')?.shadowRoot;
    const look = (selector: string) => {
      const found = root?.querySelector(selector);
      if (!found) return null;
      const { x, y, width, height } = found.getBoundingClientRect();
      const { fontSize, color, backgroundColor, display, opacity, letterSpacing, direction } = getComputedStyle(found);
      return { x, y, width, height, fontSize, color, backgroundColor, display, opacity, letterSpacing, direction };
    };
    return ['.launcher', '.panel', 'h1', '.row textarea', '.send', '.visitor .bubble'].map(look);
  });
}

/** Nothing under the mouse, nothing on its way. */
async function measureAtRest(page: Page) {
  await page.mouse.move(0, 0);
  await page.waitForFunction(() => document.querySelector('tradewind-chat')?.shadowRoot?.getAnimations().length === 0);
  return measure(page);
}

test('no style of the page reaches the chat, none of the chat the page', async ({ page, stand, visitor, visit }) => {
  const account = await stand.createChat();
  await visit('plain', { account });
  const stylesBefore = await page.evaluate(() => [document.styleSheets.length, document.adoptedStyleSheets.length]);
  await visitor.open();
  await visitor.say('The same everywhere');
  await expect(visitor.message('The same')).toContainText('Sent');
  const calm = await measureAtRest(page);
  expect(calm).not.toContain(null);
  expect(stylesBefore).toEqual([0, 0]);
  expect(await page.evaluate(() => [document.styleSheets.length, document.adoptedStyleSheets.length])).toEqual([0, 0]);
  await visit('hostile', { account });
  await expect(visitor.message('The same')).toBeVisible();
  expect(await measureAtRest(page)).toEqual(calm);
});

test('one global name, no changed prototypes, no focus taken, no key heard', async ({
  page,
  stand,
  visitor,
  visit,
}) => {
  const account = await stand.createChat();
  await page.addInitScript(() => {
    const prototypes = [Object, Array, String, Element, Node, Event, Promise].map((one) => one.prototype as object);
    const describe = () => prototypes.map((one) => Object.getOwnPropertyNames(one).join());
    const before = describe();
    const names = new Set(Object.getOwnPropertyNames(window));
    Object.assign(window, {
      readTraces: () => ({
        names: Object.getOwnPropertyNames(window).filter((name) => !names.has(name) && name !== 'readTraces'),
        prototypes: describe().join() === before.join(),
      }),
    });
  });
  await visit('plain', { account });
  const heard = await page.evaluateHandle(() => {
    const keys: string[] = [];
    for (const type of ['keydown', 'keyup', 'input', 'paste', 'focusin']) {
      document.addEventListener(type, () => keys.push(type));
    }
    return keys;
  });
  await page.locator('#search').focus();
  await expect(visitor.launcher).toBeVisible();
  await expect(page.locator('#search')).toBeFocused();
  await visitor.open();
  await heard.evaluate((keys) => keys.splice(0));
  await visitor.field.pressSequentially('s /?');
  await visitor.field.press('Enter');
  await expect(visitor.message('s /?')).toContainText('Sent');
  expect(await heard.evaluate((keys) => keys)).toEqual([]);
  const traces = await page.evaluate(() => (window as unknown as { readTraces: () => unknown }).readTraces());
  expect(traces).toEqual({ names: ['Tradewind'], prototypes: true });
});

for (const path of ['strict', 'nonce']) {
  test(`a page with a policy of its own: ${path}`, async ({ page, stand, visitor, visit }) => {
    const refused: string[] = [];
    page.on('console', (message) => {
      if (/Content Security Policy|TrustedScript|violates/.test(message.text())) refused.push(message.text());
    });
    const account = await stand.createChat();
    await visit(path, { account });
    await visitor.open();
    await page.locator('input[type=file]').setInputFiles({ name: 'dot.png', mimeType: 'image/png', buffer: DOT });
    await expect(visitor.panel.getByRole('button', { name: 'Remove dot.png' })).toBeVisible();
    await expect(visitor.panel.getByRole('button', { name: 'Send', exact: true })).toBeEnabled();
    await visitor.say('Under the policy');
    await expect(visitor.message('Under the policy')).toContainText('Sent');
    const picture = visitor.message('Under the policy').getByRole('img');
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);
    await expect(visitor.panel).toHaveCSS('border-radius', '16px');
    expect(refused).toEqual([]);
  });
}

const DOT = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

test('a site that replaces its body, or everything, keeps the chat as it is', async ({
  page,
  stand,
  visitor,
  visit,
}) => {
  const account = await stand.createChat();
  await visit('plain', { account });
  await visitor.open();
  await visitor.say('Before the change');
  await visitor.field.fill('Half a thought');
  await page.evaluate(() => {
    const body = document.createElement('body');
    body.textContent = 'Another page';
    document.body.replaceWith(body);
    history.pushState(null, '', '/plain/other');
  });
  await expect(visitor.field).toHaveValue('Half a thought');
  await expect(visitor.field).toBeFocused();
  await page.evaluate(() => {
    document.documentElement.replaceChildren(document.createElement('head'), document.createElement('body'));
  });
  await expect(visitor.message('Before the change')).toBeVisible();
  await expect(visitor.field).toHaveValue('Half a thought');
  await stand.agent.reply(account, 'Still here');
  await expect(visitor.message('Still here')).toBeVisible();
});

test('a page that will not have the chat is left alone', async ({ page, stand, visitor, visit }) => {
  const account = await stand.createChat();
  await visit('plain', { account });
  await expect(visitor.launcher).toBeVisible();
  const removals = await page.evaluate(async () => {
    let count = 0;
    new MutationObserver(() => {
      const chat = document.querySelector('tradewind-chat');
      if (chat === null) return;
      count++;
      chat.remove();
    }).observe(document.documentElement, { childList: true });
    document.querySelector('tradewind-chat')?.remove();
    await new Promise((resolve) => setTimeout(resolve, 300));
    return count;
  });
  expect(removals).toBeGreaterThan(5);
  expect(removals).toBeLessThan(50);
});

test('what a page asks for before the script is there is done after', async ({ page, stand, visitor, visit }) => {
  const account = await stand.createChat();
  await visit('queue', { account });
  await expect(visitor.panel).toBeVisible();
  const call = (name: string) =>
    page.evaluate(
      (method) => (window as unknown as { Tradewind: Record<string, () => void> }).Tradewind[method]?.(),
      name,
    );
  await call('close');
  await expect(visitor.panel).toBeHidden();
  await page.locator('#buy').focus();
  await call('open');
  await expect(visitor.field).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.locator('#buy')).toBeFocused();
});

test('a second tag for the chat is no second chat', async ({ page, stand, visitor, visit }) => {
  const account = await stand.createChat();
  await visit('plain', { account });
  await expect(visitor.launcher).toBeVisible();
  const warning = page.waitForEvent('console', (message) => message.text().includes('one script tag is enough'));
  await page.evaluate(() => {
    const first = document.querySelector('script') as HTMLScriptElement;
    const second = document.createElement('script');
    second.src = first.src;
    second.dataset.account = first.dataset.account;
    document.head.append(second);
  });
  await warning;
  await expect(page.locator('tradewind-chat')).toHaveCount(1);
});

test('the chat itself is loaded when it is opened, or when there is a conversation', async ({
  context,
  page,
  stand,
  visitor,
  visit,
}) => {
  const account = await stand.createChat();
  const loaded: string[] = [];
  context.on('request', (request) => {
    if (request.url().includes('/chat/client-')) loaded.push(new URL(request.frame().url()).pathname);
  });
  await page.route('**/chat/client-*.js', (route) => route.abort());
  await visit('plain', { account });
  await expect(visitor.launcher).toBeVisible();
  expect(loaded).toEqual([]);
  await visitor.launcher.click();
  await expect(page.getByText('The chat could not be loaded.')).toBeVisible();
  await page.unroute('**/chat/client-*.js');
  await visitor.open();
  await expect(page.getByText('The chat could not be loaded.')).toBeHidden();

  const other = await context.newPage();
  await other.goto(`${stand.site}/nonce?account=${account}`);
  await expect(other.locator('.launcher')).toBeVisible();
  expect(loaded).not.toContain('/nonce');
  await visitor.say('Now there is one');
  await expect.poll(() => loaded).toContain('/nonce');
});
