import { createHmac } from 'node:crypto';
import { type BrowserContext, expect, type Page } from '@playwright/test';
import { findViolations } from './support/axe.ts';
import { test } from './support/fixtures.ts';
import { type Server, startServer } from './support/server.ts';

const SIGNING_KEY = 'key-of-the-first-hour';
const CLIENT_SECRET = 'secret-of-the-first-hour';

/** The words somebody looks for in each language. */
const STORIES = [
  {
    locale: 'en-GB',
    scheme: 'light',
    admin: 'Create my account',
    short: 'Use at least 8 characters.',
    wrongCode: 'This is not the code that was printed',
    save: 'Save and continue',
    connect: 'Connect',
    domain: 'Type the domain, such as mail.example.com.',
    waiting: 'Waiting for the first event…',
    rejected: 'The signature is wrong',
    good: 'Looks good',
    continue: 'Continue',
    skip: 'Skip for now',
    preview: 'Open a page with your chat in it',
    openChat: 'This page stands for your website',
    invite: 'Make the invitation',
    link: 'Invitation link',
    join: 'Join',
    joinTitle: 'Join Lantern & Loom',
    arrived: 'Your first conversation is here',
    ready: 'Your desk is ready',
    toDesk: 'Open the desk',
    all: 'All',
    leave: 'Leave for now',
    steps: 'First steps',
  },
  {
    locale: 'zh-CN',
    scheme: 'dark',
    admin: '创建我的账号',
    short: '至少需要 8 个字符。',
    wrongCode: '这不是启动服务器时显示的设置码',
    save: '保存并继续',
    connect: '接入',
    domain: '请输入域名，例如 mail.example.com。',
    waiting: '正在等待第一个事件…',
    rejected: '签名不对',
    good: '看起来没问题',
    continue: '继续',
    skip: '先跳过',
    preview: '打开带有聊天的页面',
    openChat: '这个页面代表你的网站',
    invite: '生成邀请',
    link: '邀请链接',
    join: '加入',
    joinTitle: '加入Lantern & Loom',
    arrived: '你的第一个会话到了',
    ready: '工作台准备好了',
    toDesk: '打开工作台',
    all: '全部',
    leave: '先离开',
    steps: '开始使用',
  },
] as const;

function postMailgunEvent(address: string, key: string): Promise<Response> {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const token = crypto.randomUUID();
  const signature = createHmac('sha256', key)
    .update(timestamp + token)
    .digest('hex');
  const body = { signature: { timestamp, token, signature }, 'event-data': { event: 'opened', id: token } };
  return fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

function postShopifyOrder(address: string, shop: string): Promise<Response> {
  const body = JSON.stringify({ id: 4_242_424_242 });
  return fetch(address, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-shopify-topic': 'orders/create',
      'x-shopify-shop-domain': shop,
      'x-shopify-hmac-sha256': createHmac('sha256', CLIENT_SECRET).update(body).digest('base64'),
    },
    body,
  });
}

/** Fills the fields of the step by their names, and sends them. */
async function submit(page: Page, button: string, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await page.locator(`[name="${name}"]`).fill(value);
  await page.getByRole('button', { name: button, exact: true }).click();
}

async function writeAsVisitor(context: BrowserContext, page: Page, words: (typeof STORIES)[number]): Promise<void> {
  const coming = context.waitForEvent('page');
  await page.getByRole('link', { name: words.preview }).click();
  const site = await coming;
  await expect(site.getByRole('heading', { name: words.openChat })).toBeVisible();
  await site.getByRole('button').first().click();
  await site.getByRole('textbox').last().fill('Is this desk alive?');
  await site.keyboard.press('Enter');
  await expect(site.getByText('Is this desk alive?')).toBeVisible();
}

for (const words of STORIES) {
  test.describe(`an empty desk, ${words.locale}`, () => {
    test.use({ locale: words.locale, colorScheme: words.scheme, timezoneId: 'Asia/Shanghai' });
    let server: Server;
    test.beforeAll(async () => {
      server = await startServer();
    });
    test.afterAll(() => server.close());

    test('becomes a working one: admin, name, mailbox, shop, chat, colleague, first conversation', async ({
      page,
      context,
      browser,
    }) => {
      test.setTimeout(90_000);
      await page.emulateMedia({ reducedMotion: 'reduce' });
      const step = page.locator('[aria-current="step"]');
      const event = page.getByTestId('first-event');
      const goOn = () => page.getByRole('button', { name: words.continue, exact: true }).click();

      // The code of the link is the proof: a wrong one gets nobody in, and is said beside its field.
      await page.goto(`${server.url}/#/setup/aaaa-aaaa-aaaa-aaaa`);
      const admin = { name: '林晓', email: 'lin@shop.example', password: 'short' };
      await submit(page, words.admin, admin);
      await expect(page.getByText(words.short)).toBeVisible();
      await expect(page.locator('[name="password"]')).toBeFocused();
      await submit(page, words.admin, { password: 'a-long-enough-one' });
      await expect(page.getByText(words.wrongCode)).toBeVisible();
      await expect(page.locator('[name="code"]')).toBeFocused();
      expect(await findViolations(page)).toEqual([]);
      await page.goto(server.setupLink ?? '');
      await page.reload();
      await submit(page, words.admin, { ...admin, password: 'a-long-enough-one' });

      // The browser's time zone is there already; another one is found by typing.
      const zone = page.getByRole('combobox');
      await expect(zone).toHaveValue(/Shanghai/);
      await zone.fill('berlin');
      expect(await findViolations(page)).toEqual([]);
      await zone.press('Enter');
      await expect(zone).toHaveValue(/Berlin/);
      await submit(page, words.save, { 'desk-name': 'Lantern & Loom' });

      // Mailbox: what is wrong stands beside its field; a request is rejected with its reason, then one is good.
      await submit(page, words.connect, {
        domain: 'nonsense',
        fromAddress: 'Support <support@mail.shop.example>',
        signingKey: SIGNING_KEY,
      });
      await expect(page.getByText(words.domain)).toBeVisible();
      await expect(page.locator('[name="domain"]')).toBeFocused();
      expect(await findViolations(page)).toEqual([]);
      await submit(page, words.connect, { domain: 'mail.shop.example' });
      await expect(event).toContainText(words.waiting);
      const mailAddress = await page.locator('input[readonly]').inputValue();
      expect((await postMailgunEvent(mailAddress, 'another-key')).status).toBe(406);
      await expect(event).toContainText(words.rejected);
      expect(await findViolations(page)).toEqual([]);
      expect((await postMailgunEvent(mailAddress, SIGNING_KEY)).status).toBe(200);
      await expect(event).toContainText(words.good);
      await expect(event).not.toContainText(words.rejected);
      expect(await page.content()).not.toContain(SIGNING_KEY);
      await goOn();

      // Left in the middle and come back to: it goes on where it was.
      await page.getByRole('button', { name: words.leave }).click();
      await page.reload();
      await page.getByRole('button', { name: words.steps }).click();
      await submit(page, words.connect, { shop: 'Lantern.myshopify.com/admin', clientSecret: CLIENT_SECRET });
      await expect(event).toContainText(words.waiting);
      const shopAddress = await page.locator('input[readonly]').inputValue();
      expect((await postShopifyOrder(shopAddress, 'lantern.myshopify.com')).status).toBe(200);
      await expect(event).toContainText(words.good);
      expect(await findViolations(page)).toEqual([]);
      await goOn();

      await page.getByRole('button', { name: words.connect, exact: true }).click();
      await expect(page.locator('textarea[readonly]')).toHaveValue(/<script src=".*\/chat\/widget\.js" data-account="/);
      await expect(event).toContainText(words.waiting);
      expect(await findViolations(page)).toEqual([]);
      await goOn();

      await submit(page, words.invite, { 'invite-email': 'maya@shop.example' });
      const link = page.getByRole('textbox', { name: words.link });
      await expect(link).toHaveValue(/#\/invite\//);
      expect(await findViolations(page)).toEqual([]);
      const inviteLink = await link.inputValue();
      await goOn();

      await writeAsVisitor(context, page, words);
      await expect(page.getByText(words.arrived)).toBeVisible();
      expect(await findViolations(page)).toEqual([]);
      await goOn();
      await expect(page.getByRole('heading', { name: words.ready })).toBeVisible();
      await expect(step).toHaveCount(0);
      expect(await findViolations(page)).toEqual([]);
      await page.getByRole('button', { name: words.toDesk }).click();
      await page.getByRole('button', { name: new RegExp(`^${words.all}`) }).click();
      await expect(page.getByRole('option').filter({ hasText: 'Is this desk alive?' })).toBeVisible();
      await expect(page.getByRole('button', { name: words.steps })).toHaveCount(0);

      // The colleague, on another machine.
      const elsewhere = await browser.newContext({ locale: words.locale });
      const other = await elsewhere.newPage();
      await other.goto(inviteLink);
      await expect(other.getByRole('heading', { name: words.joinTitle })).toBeVisible();
      expect(await findViolations(other)).toEqual([]);
      await submit(other, words.join, { name: 'Maya Okafor', 'new-password': 'maya-has-a-password' });
      await expect(other.getByTestId('connection')).toHaveAttribute('data-kind', 'online');
      expect(new URL(other.url()).hash).toBe('#/');
      await elsewhere.close();

      // The link is used up, and the set-up link leads to nothing more.
      await page.goto(inviteLink);
      await expect(page.getByRole('alert')).toBeVisible();
      const stranger = await browser.newContext({ locale: words.locale });
      const late = await stranger.newPage();
      await late.goto(server.setupLink ?? '');
      await expect(late.locator('[name="password"]')).toBeVisible();
      await expect(late.locator('[name="name"]')).toHaveCount(0);
      await stranger.close();
    });
  });
}
