import { expect, test } from 'vitest';
import { parseRoute, type Route, routeOfLink, toHash } from './route.ts';

test('every route is read back from its own address', () => {
  const routes: Route[] = [
    { kind: 'desk', conversationId: null },
    { kind: 'desk', conversationId: '0190-a/b c' },
    { kind: 'settings', section: 'people' },
    { kind: 'setup', code: null },
    { kind: 'setup', code: 'K7QF-22MX' },
    { kind: 'invite', token: 'aB_-9' },
    { kind: 'reset', token: 'aB_-9' },
    { kind: 'forgot' },
    { kind: 'servers' },
  ];
  for (const route of routes) expect(parseRoute(toHash(route))).toEqual(route);
});

test('what cannot be read is the desk, an unknown section the first one', () => {
  for (const hash of ['', '#', '#/', '#/nothing/here', '#/invite', '#/reset/', '#/conversation/']) {
    expect(parseRoute(hash)).toEqual({ kind: 'desk', conversationId: null });
  }
  expect(parseRoute('#/settings')).toEqual({ kind: 'settings', section: 'account' });
  expect(parseRoute('#/settings/nonsense')).toEqual({ kind: 'settings', section: 'account' });
});

test('a link that was cut off in a mail does not break the page', () => {
  expect(parseRoute('#/invite/abc%2')).toEqual({ kind: 'invite', token: 'abc%2' });
});

test('a pasted link leads to its invitation; one to a conversation of another desk leads to that desk', () => {
  expect(routeOfLink(' https://desk.example/#/invite/tw_1')).toEqual({ kind: 'invite', token: 'tw_1' });
  expect(routeOfLink('https://desk.example/#/conversation/c1')).toEqual({ kind: 'desk', conversationId: null });
  expect(routeOfLink('desk.example')).toEqual({ kind: 'desk', conversationId: null });
});
