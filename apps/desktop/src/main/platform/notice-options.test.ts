import { expect, test } from 'vitest';
import { toOptions } from './notice-options.ts';

const LINK = 'tradewind://conversation/c1';
const notice = {
  id: 'n1',
  kind: 'message',
  title: 'Ann',
  body: 'Hello?',
  conversationId: 'c1',
  actions: { reply: 'Reply', resolve: 'Resolve' },
  silent: false,
} as const;
const plain = { id: 'n1', title: 'Ann', body: 'Hello?', silent: false };

test('buttons are there where their events come', () => {
  const buttons = { hasReply: true, replyPlaceholder: 'Reply', actions: [{ type: 'button', text: 'Resolve' }] };
  expect(toOptions(notice, LINK, 'darwin')).toEqual({ ...plain, ...buttons });
  expect(toOptions({ ...notice, actions: {} }, LINK, 'darwin')).toEqual({ ...plain, hasReply: false });
  expect(toOptions(notice, LINK, 'linux')).toEqual(plain);
});

test('a toast of Windows carries its link', () => {
  expect(toOptions(notice, LINK, 'win32')).toMatchObject({ toastXml: expect.stringContaining(`launch="${LINK}"`) });
});

test('what a customer wrote is no markup to the desktops of Linux, whose titles have none', () => {
  const tricky = { ...notice, title: 'Bob & <b>co</b>', body: '<img src=x> a && b > c' };
  expect(toOptions(tricky, LINK, 'linux')).toMatchObject({
    title: 'Bob & <b>co</b>',
    body: '&lt;img src=x&gt; a &amp;&amp; b &gt; c',
  });
  expect(toOptions(tricky, LINK, 'darwin')).toMatchObject({ body: '<img src=x> a && b > c' });
});
