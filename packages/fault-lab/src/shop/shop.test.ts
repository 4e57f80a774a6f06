import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FaultLab, startFaultLab } from '../lab.ts';

const SERVER = 'http://127.0.0.1:3999';
let lab: FaultLab;

beforeEach(async () => {
  lab = await startFaultLab();
});
afterEach(() => lab.close());

function connect(): void {
  lab.webChat.connect({ id: 'chat-1', serverUrl: SERVER, identitySecret: 'secret' });
}

async function open(path: string, language = 'en') {
  const response = await fetch(lab.url + path, { headers: { 'accept-language': language } });
  return { status: response.status, headers: response.headers, html: await response.text() };
}

const tagOf = (html: string) => /<script src="([^"]*widget\.js)" data-account="([^"]*)"/.exec(html)?.slice(1);

test('the shop embeds the product’s own widget, and says so when there is no chat', async () => {
  const before = await open('/shop');
  expect(tagOf(before.html)).toBeUndefined();
  expect(before.html).toContain('No website chat is connected');
  connect();
  expect(tagOf((await open('/shop')).html)).toEqual([`${SERVER}/chat/widget.js`, 'chat-1']);
});

test('every page is there in both languages, with every file it names', async () => {
  connect();
  for (const path of ['/shop', '/shop/strict-csp', '/shop/hostile-css', '/shop/spa', '/shop/account']) {
    const english = await open(`${path}?lang=en`);
    const chinese = await open(path, 'zh-CN,zh;q=0.9');
    expect([english.status, chinese.status]).toEqual([200, 200]);
    expect(english.html).toContain('<html lang="en">');
    expect(chinese.html).toContain('<html lang="zh-CN">');
    expect(english.html).not.toMatch(/undefined|\[object/);
    for (const [, file = ''] of english.html.matchAll(/(?:src|href)="(\/shop\/[^"?]+\.\w+)"/g))
      expect([file, (await open(file)).status]).toEqual([file, 200]);
  }
});

test('the strict page allows nothing inline and nothing from elsewhere, and holds nothing inline', async () => {
  connect();
  const { html, headers } = await open('/shop/strict-csp');
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain(`script-src 'self' ${SERVER};`);
  expect(policy).toContain(`connect-src 'self' ${SERVER} ws://127.0.0.1:3999;`);
  expect(policy).not.toMatch(/unsafe|nonce|sha256|\*|data:|blob:/);
  expect(html).not.toMatch(/<style|\sstyle=|<script>|\son\w+=/);
});

test('the account page signs the chosen buyer in, and shows his orders', async () => {
  connect();
  lab.shopify.connect({ id: 's', shop: 'a', clientSecret: 's', accessToken: 't', webhookUrl: `${lab.url}/nowhere` });
  for (const [id, firstName] of [
    [77, 'Mia'],
    [88, '<b>Tom</b>'],
  ] as const) {
    const customer = { id, firstName, lastName: 'Berg', email: `${id}@example.com` };
    lab.shopify.create({ currency: 'JPY', lines: [{ title: `Tea ${id}`, quantity: 2, price: '1100' }], customer });
  }
  const { html } = await open('/shop/account?customer=77');
  expect(html).toContain('Tea 77');
  expect(html).not.toContain('Tea 88');
  expect(html).not.toContain('<b>Tom');
  const identity = /name="chat-identity" content="([^"]+)"/.exec(html)?.[1] ?? '';
  const [header = '', claims = '', signature] = identity.split('.');
  expect(JSON.parse(atob(claims))).toMatchObject({ sub: '77', name: 'Mia Berg', email: '77@example.com' });
  expect(signature).toBe(createHmac('sha256', 'secret').update(`${header}.${claims}`).digest('base64url'));
});
