import { expect, test } from 'vitest';
import { findLink, parseLink, toConversationLink, toEvent } from './links.ts';

test.each([
  ['tradewind://connect?server=https://desk.example', { kind: 'connect', address: 'https://desk.example' }],
  ['tradewind://connect/?server=desk.example', { kind: 'connect', address: 'desk.example' }],
  ['tradewind://conversation/0198-a_b', { kind: 'conversation', conversationId: '0198-a_b', server: null }],
  ['tradewind://conversation/c1/', { kind: 'conversation', conversationId: 'c1', server: null }],
  [
    'tradewind://conversation/c1?server=https%3A%2F%2Fdesk.example',
    { kind: 'conversation', conversationId: 'c1', server: 'https://desk.example' },
  ],
])('%s', (text, link) => {
  expect(parseLink(text)).toEqual(link);
});

test.each([
  'tradewind://connect',
  'tradewind://connect?server=',
  `tradewind://connect?server=${'a'.repeat(3_000)}`,
  'tradewind://conversation/',
  'tradewind://conversation/a/b',
  'tradewind://conversation/..%2f..',
  'tradewind://conversation/<script>',
  'tradewind://conversation/c1?server=javascript:alert(1)',
  'tradewind://conversation/c1?server=https://desk.example/path',
  'tradewind://resolve/c1',
  'https://conversation/c1',
  'tradewind:conversation',
  '--no-sandbox',
  '',
])('%s is no link of ours', (text) => {
  expect(parseLink(text)).toBeNull();
});

test('a link is found wherever it stands among the arguments', () => {
  const argv = ['/opt/Tradewind/tradewind', '--allow-file-access', 'tradewind://conversation/c1', '--original-process'];
  expect(findLink(argv)).toEqual({ kind: 'conversation', conversationId: 'c1', server: null });
  expect(findLink(['/opt/Tradewind/tradewind', '.'])).toBeNull();
});

test('a notice’s link leads back to its conversation on its server', () => {
  expect(parseLink(toConversationLink('c1', 'http://127.0.0.1:7373'))).toEqual({
    kind: 'conversation',
    conversationId: 'c1',
    server: 'http://127.0.0.1:7373',
  });
});

test('a conversation of another server is asked about first, like any link to a server', () => {
  const link = (server: string | null) => ({ kind: 'conversation', conversationId: 'c1', server }) as const;
  const current = 'https://desk.example';
  expect(toEvent(link(null), current)).toEqual({ type: 'open-conversation', conversationId: 'c1' });
  expect(toEvent(link(current), current)).toEqual({ type: 'open-conversation', conversationId: 'c1' });
  expect(toEvent(link('https://evil.example'), current)).toEqual({ type: 'connect', address: 'https://evil.example' });
  expect(toEvent({ kind: 'connect', address: current }, current)).toEqual({ type: 'connect', address: current });
});
