import { expect, test } from 'vitest';
import { toToastXml } from './toast.ts';

const notice = {
  id: 'n1',
  kind: 'message',
  title: 'Ann <ann@shop.example> & "Co"',
  body: "</text><text>it's\u0000\u001b broken \ud800",
  conversationId: 'c1',
  actions: {},
  silent: false,
} as const;

test('what a customer wrote stays text', () => {
  const xml = toToastXml(notice, 'tradewind://conversation/c1?server=https%3A%2F%2Fdesk.example');
  expect(xml).toContain('<text>Ann &lt;ann@shop.example&gt; &amp; &quot;Co&quot;</text>');
  expect(xml).toContain('<text>&lt;/text&gt;&lt;text&gt;it&apos;s broken \ufffd</text>');
  expect(xml).toContain('launch="tradewind://conversation/c1?server=https%3A%2F%2Fdesk.example"');
  expect(xml).not.toContain('<audio');
});

test('a silent notice makes no sound', () => {
  expect(toToastXml({ ...notice, silent: true }, 'tradewind://conversation/c1')).toContain('<audio silent="true"/>');
});
