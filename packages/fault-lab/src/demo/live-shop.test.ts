import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Receiver, startReceiver } from '../../test/receiver.ts';
import { type FaultLab, startFaultLab } from '../lab.ts';
import { LiveShop } from './live-shop.ts';
import { customers } from './people.ts';

const shop = 'tea.myshopify.com';
let lab: FaultLab;
let receiver: Receiver;
let live: LiveShop;

function startLive(pace: number): void {
  live = new LiveShop({ lab, channelId: 'acc', shop, orders: [], pace, seed: 5, log: () => undefined });
  live.start();
}

beforeEach(async () => {
  receiver = await startReceiver();
  lab = await startFaultLab();
  lab.mailgun.settings.autoDeliver = false;
  lab.mailgun.connect({
    id: 'acc',
    domain: 'mail.shop.example',
    apiKey: 'k',
    signingKey: 's',
    webhookUrl: `${receiver.url}/mail`,
  });
  lab.shopify.connect({ id: 'store', shop, clientSecret: 's', accessToken: 't', webhookUrl: `${receiver.url}/shop` });
});
afterEach(async () => {
  live.close();
  await lab.close();
  await receiver.close();
});

const mails = () => receiver.requests.filter(({ path }) => path === '/mail');
const forms = () =>
  mails()
    .filter(({ headers }) => !headers['content-type']?.includes('json'))
    .map(({ body }) => body.toString('utf8'));

test('people write and orders move, but nobody writes on and on to a desk that does not answer', async () => {
  startLive(50_000);
  await expect.poll(() => forms().length, { timeout: 10_000 }).toBe(20);
  const shopRequests = receiver.requests.length - mails().length;
  await expect.poll(() => receiver.requests.length - mails().length).toBeGreaterThan(shopRequests + 10);
  expect(forms()).toHaveLength(20);
});

test('a customer answers a reply in its thread, and opens it before', async () => {
  startLive(1_000);
  const [customer] = customers;
  for (let number = 1; number <= 8; number++) {
    await fetch(`${lab.url}/mailgun/v3/mail.shop.example/messages`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('api:k')}` },
      body: new URLSearchParams({
        from: 'support@mail.shop.example',
        to: customer?.email ?? '',
        text: 'Yes',
        'h:Message-Id': `<m${number}@x>`,
      }),
    });
  }
  await expect.poll(() => forms().some((form) => /In-Reply-To=%3Cm\d%40x%3E/.test(form))).toBe(true);
  expect(lab.mailgun.sent.some((mail) => mail.events.includes('opened'))).toBe(true);
});

test('closing ends it', async () => {
  startLive(50_000);
  await expect.poll(() => receiver.requests.length).toBeGreaterThan(3);
  live.close();
  await lab.idle();
  const seen = receiver.requests.length;
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(receiver.requests).toHaveLength(seen);
});
