import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';

test('a mail arrives while the desk is open, is answered and delivered', async ({ desk, stand }) => {
  await stand.lab.autoDeliver(false);
  await stand.lab.mail({ from: 'Li Lei <li@mail.example>', subject: 'Where is order 1001?', text: '还没收到货 😟' });
  await desk.open('Where is order 1001?');
  await expect(desk.message('还没收到货 😟')).toBeVisible();

  await desk.reply('It left our warehouse this morning.');
  await expect(desk.state('It left our warehouse')).toHaveText('Sent');
  await expect.poll(() => stand.lab.sentTo('li@mail.example')).toHaveLength(1);
  const [mail] = await stand.lab.sentTo('li@mail.example');
  expect(mail?.text).toContain('It left our warehouse this morning.');

  await stand.lab.report(mail?.messageId ?? '', 'delivered');
  await expect(desk.state('It left our warehouse')).toHaveText('Delivered');
});

test('a note is kept from the customer and cannot be mistaken for a reply', async ({ desk, page, stand }) => {
  await stand.lab.mail({ from: 'note@mail.example', subject: 'Broken lamp', text: 'It came broken.' });
  await desk.open('Broken lamp');
  const replyColour = await desk.composer.evaluate((element) => getComputedStyle(element).backgroundColor);
  await page.keyboard.press('n');
  await expect(desk.composer).toHaveAttribute('data-mode', 'note');
  await expect(desk.composer).toContainText('The customer never sees it.');
  await expect
    .poll(() => desk.composer.evaluate((element) => getComputedStyle(element).backgroundColor))
    .not.toBe(replyColour);
  await desk.field.fill('Ask the warehouse first');
  await expect(desk.composer.getByRole('button', { name: 'Send' })).toHaveCount(0);
  await desk.composer.getByRole('button', { name: 'Add note' }).click();
  await expect(desk.message('Ask the warehouse first')).toContainText('Internal note');
  await expect(desk.field).toHaveValue('');

  await page.keyboard.press('Escape');
  await page.keyboard.press('r');
  await desk.reply('We are looking into it.');
  await expect.poll(() => stand.lab.sentTo('note@mail.example')).toHaveLength(1);
  expect((await stand.lab.sentTo('note@mail.example'))[0]?.text).not.toContain('warehouse');
});

test('[R8] written offline: three replies and a status change go out once each, in order', async ({
  desk,
  page,
  stand,
}) => {
  await stand.lab.mail({ from: 'offline@mail.example', subject: 'Three questions', text: 'One? Two? Three?' });
  await desk.open('Three questions');
  await page.context().setOffline(true);
  await expect(desk.connection).toHaveAttribute('data-kind', 'offline');
  for (const text of ['First answer', 'Second answer', 'Third answer']) {
    await desk.reply(text);
    await expect(desk.state(text)).toHaveText('Queued');
  }
  await page.getByRole('button', { name: 'Resolve', exact: true }).click();
  await expect(page.getByTestId('conversation-status')).toContainText('Resolved');
  await expect(desk.connection).toContainText('4 things will be sent when you are back');

  await page.context().setOffline(false);
  await expect(desk.connection).toHaveText(/Up to date/);
  await expect.poll(() => stand.lab.sentTo('offline@mail.example')).toHaveLength(3);
  const texts = (await stand.lab.sentTo('offline@mail.example')).map((mail) => mail.text.trim().split('\n')[0]);
  expect(texts).toEqual(['First answer', 'Second answer', 'Third answer']);
  await expect(page.getByTestId('conversation-status')).toContainText('Resolved');
  for (const text of ['First answer', 'Second answer', 'Third answer']) await expect(desk.message(text)).toHaveCount(1);
});

test('what was read stays readable offline, also after a reload', async ({ desk, page, stand }) => {
  await stand.lab.mail({ from: 'reload@mail.example', subject: 'Kept on this device', text: 'Please keep me.' });
  await desk.open('Kept on this device');
  await desk.field.fill('Half a sentence');
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  await desk.field.fill('Half a note');
  await page.reload();
  await desk.open('Kept on this device');
  await expect(desk.field).toHaveValue('Half a sentence');
  await desk.composer.getByRole('tab', { name: 'Note' }).click();
  await expect(desk.field).toHaveValue('Half a note');
});

test('orders appear beside the conversation and change while one looks', async ({ desk, page, stand }) => {
  await stand.lab.mail({ from: 'orders@mail.example', subject: 'My kimono', text: 'When will it ship?' });
  await desk.open('My kimono');
  const panel = page.getByRole('complementary', { name: 'Customer and orders' });
  await expect(panel).toContainText('No orders');

  const order = await stand.lab.order({
    currency: 'JPY',
    lines: [{ title: 'Indigo kimono', quantity: 2, price: '12000' }],
    customer: { firstName: 'Hanako', lastName: 'Sato', email: 'orders@mail.example' },
    paid: true,
  });
  const card = panel.getByTestId('order');
  await expect(card).toContainText(order.name);
  await expect(card).toContainText('Indigo kimono');
  await expect(card).toContainText('JP¥24,000');

  await stand.lab.ship(order, {
    trackingNumber: 'JP-42',
    carrier: 'Yamato',
    trackingUrl: 'https://track.example/JP-42',
  });
  await expect(card).toContainText('Shipped');
  await expect(card).toContainText('Yamato');
  const link = card.getByRole('link', { name: /JP-42/ });
  await expect(link).toHaveAttribute('href', 'https://track.example/JP-42');
  await expect(link).toHaveAttribute('rel', /noopener/);

  await stand.lab.refund(order, { amount: '12000', note: 'one returned' });
  await expect(card).toContainText('-JP¥12,000');
});

test('[R11] an unknown outcome is shown, never repeated by itself, and settled by the report', async ({
  desk,
  page,
  stand,
}) => {
  const address = 'unknown@mail.example';
  await stand.lab.autoDeliver(false);
  await stand.lab.mail({ from: address, subject: 'Did it go out?', text: 'Hello?' });
  await stand.lab.fault({ kind: 'reset-after-accept', recipient: address });
  await desk.open('Did it go out?');
  await desk.reply('This one may have gone out.');
  await expect(desk.state('This one may have gone out.')).toHaveText('Unknown');
  for (const name of ['Send again (may arrive twice)', 'Mark as sent', 'Drop']) {
    await expect(page.getByRole('button', { name })).toBeVisible();
  }
  const sent = await stand.lab.sentTo(address);
  expect(sent).toHaveLength(1);
  await stand.lab.report(sent[0]?.messageId ?? '', 'delivered');
  await expect(desk.state('This one may have gone out.')).toHaveText('Delivered');
  expect(await stand.lab.sentTo(address)).toHaveLength(1);
});

test('a bounce says why, and the message can be sent again', async ({ desk, stand }) => {
  const address = 'bounce@mail.example';
  await stand.lab.autoDeliver(false);
  await stand.lab.mail({ from: address, subject: 'Will bounce', text: 'Hello?' });
  await desk.open('Will bounce');
  await desk.reply('Can you read this?');
  await expect(desk.state('Can you read this?')).toHaveText('Sent');
  const [mail] = await stand.lab.sentTo(address);
  await stand.lab.report(mail?.messageId ?? '', 'failed', {
    severity: 'permanent',
    code: 550,
    message: '5.1.1 no such user',
  });
  await expect(desk.state('Can you read this?')).toHaveText('Failed');
  await expect(desk.message('Can you read this?')).toContainText('no such user');
  await desk.message('Can you read this?').getByRole('button', { name: 'Retry' }).click();
  await expect(desk.state('Can you read this?')).toHaveText('Sent');
  await expect.poll(() => stand.lab.sentTo(address)).toHaveLength(2);
});

test('nothing of a hostile mail runs, loads or covers the desk', async ({ desk, page, stand }) => {
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await stand.lab.mail({
    from: '"><img src=x onerror=alert(1)> <evil@mail.example>',
    subject: '<script>alert(2)</script> invoice',
    html: `<p style="position:fixed;inset:0;z-index:9999">Your invoice<script>alert(3)</script></p>
      <img src="https://tracker.example/pixel.gif"><img src=x onerror="alert(4)"><a href="javascript:alert(5)">pay</a>
      <svg onload="alert(6)"></svg><iframe srcdoc="<script>parent.alert(7)</script>"></iframe><form action="https://evil.example"><input name=a></form>
      <a href="https://shop.example/pay">shop</a>`,
  });
  await desk.open('invoice');
  const message = desk.message('Your invoice');
  await expect(message).toBeVisible();
  await expect(message.getByRole('link', { name: 'shop' })).toHaveAttribute('target', '_blank');
  await expect(message.getByRole('link', { name: 'pay' })).toHaveCount(0);
  await expect(message.locator('iframe, script, svg[onload], form, input')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Resolve', exact: true })).toBeEnabled();
  await page.getByRole('button', { name: 'Resolve', exact: true }).click(); // nothing lies over it
  expect(dialogs).toEqual([]);
  expect(requests.filter((url) => !url.startsWith(stand.url))).toEqual([]);
});

test('pictures and files that came with a mail are shown and can be fetched', async ({ desk, page, stand }) => {
  const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
  await stand.lab.mail({
    from: 'files@mail.example',
    subject: 'Photo of the damage',
    text: 'See the photo.',
    html: '<p>See the photo.</p><img src="cid:photo@mail.example" alt="the box">',
    attachments: [
      { name: '破损.png', contentType: 'image/png', contentBase64: pixel, contentId: 'photo@mail.example' },
      { name: 'invoice.txt', contentType: 'text/plain', contentBase64: btoa('two lamps') },
    ],
  });
  await desk.open('Photo of the damage');
  const picture = page.getByRole('img', { name: 'the box' });
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: /invoice\.txt/ }).click();
  expect((await download).suggestedFilename()).toBe('invoice.txt');
});

test('assignment, tags, snooze and a colleague’s view agree', async ({ desk, page, stand, browser }) => {
  await stand.lab.mail({ from: 'team@mail.example', subject: 'Team work', text: 'Who takes care?' });
  await desk.open('Team work');
  await page.keyboard.press('a');
  await expect(page.getByRole('button', { name: 'Assignee: 林晓' })).toBeVisible();
  await page.getByRole('button', { name: 'Add tag' }).click();
  await page.getByLabel('Tag name').fill('warranty');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Remove tag warranty' })).toBeVisible();

  const context = await browser.newContext({ locale: 'zh-CN' });
  const other = await context.newPage();
  await other.goto(stand.url);
  await other.getByLabel('邮箱').fill(stand.agents.maya.email);
  await other.getByLabel('密码', { exact: true }).fill(stand.agents.maya.password);
  await other.getByRole('button', { name: '登录' }).click();
  await other.getByRole('navigation', { name: '队列' }).getByRole('button', { name: '全部' }).click();
  await other.getByRole('option').filter({ hasText: 'Team work' }).click();
  await expect(other.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(other.getByRole('button', { name: /负责人：\s*林晓/ })).toBeVisible();
  await expect(other.getByRole('button', { name: '移除标签 warranty' })).toBeVisible();

  await page.getByTestId('conversation-status').click();
  await page.getByRole('menuitem', { name: 'For an hour' }).click();
  await expect(page.getByTestId('conversation-status')).toContainText('Snoozed until');
  await expect(other.getByTestId('conversation-status')).toContainText('再处理');
  await context.close();
});

test('the agent writes first', async ({ desk, page, stand }) => {
  await page.keyboard.press('c');
  await page.getByLabel('To').fill('new@mail.example');
  await page.getByLabel('Subject').fill('Your lamp is back in stock');
  await page.getByLabel('Message').fill('Good news: it is back.');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { name: 'Your lamp is back in stock' })).toBeVisible();
  await expect(desk.state('Good news')).toHaveText(/Sent|Delivered/);
  await expect.poll(() => stand.lab.sentTo('new@mail.example')).toHaveLength(1);
});
