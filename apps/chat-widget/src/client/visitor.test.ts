import { visitorTokenSchema } from '@tradewind/shared/chat/wire';
import { expect, test } from 'vitest';
import { createStore } from '../common/store.ts';
import { createId, readToken, renewToken, toOwner } from './visitor.ts';

const jwt = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.proof`;

test('a token is what the desk takes, and stays the same', () => {
  const store = createStore('', { open: () => null, onChange: () => undefined });
  const token = readToken(store);
  expect(visitorTokenSchema.safeParse(token).success).toBe(true);
  expect(readToken(store)).toBe(token);
  expect(renewToken(store)).not.toBe(token);
});

test('ids of messages are what the desk takes, and do not come twice', () => {
  const ids = Array.from({ length: 1_000 }, () => createId());
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/);
});

test('each person has a place of their own, whatever they are called', () => {
  expect(toOwner(null)).toBe('anonymous/');
  expect(toOwner(jwt({ sub: '顾客/7' }))).toBe(`user:${encodeURIComponent('顾客/7')}/`);
  for (const bad of ['', 'a.b.c', jwt({}), jwt({ sub: 7 }), jwt(null)]) expect(toOwner(bad)).toBe('anonymous/');
});
