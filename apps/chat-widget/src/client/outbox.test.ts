import { expect, test } from 'vitest';
import { createStore } from '../common/store.ts';
import { createOutbox, moveOutbox, type NewWaiting } from './outbox.ts';

const store = () => createStore('', { open: () => null, onChange: () => undefined });
const entry = (id: string): NewWaiting => ({ kind: 'message', id, text: id, attachments: [], writtenAt: 0 });
const ids = (outbox: ReturnType<typeof createOutbox>) => outbox.all().map(({ id }) => id);

test('what waits comes out in the order it went in, whatever its ids', () => {
  const outbox = createOutbox(store());
  for (const id of ['zz', 'aa', 'mm']) outbox.add(entry(id));
  expect(ids(outbox)).toEqual(['zz', 'aa', 'mm']);
  outbox.remove('aa');
  outbox.add(entry('bb'));
  expect(ids(outbox)).toEqual(['zz', 'mm', 'bb']);
});

test('tabs that write at the same time do not undo each other', () => {
  const shared = store();
  const [one, two] = [createOutbox(shared), createOutbox(shared)];
  one.add(entry('a'));
  two.add(entry('b'));
  one.remove('a');
  expect(ids(two)).toEqual(['b']);
});

test('what was refused keeps its place, and is sent again only when asked', () => {
  const outbox = createOutbox(store());
  for (const id of ['a', 'b']) outbox.add(entry(id));
  outbox.setFailed('a', 'length');
  expect(outbox.all()[0]?.failed).toBe('length');
  outbox.setFailed('a', null);
  expect(outbox.all().map(({ failed }) => failed)).toEqual([null, null]);
  outbox.setFailed('gone', 'length');
  expect(ids(outbox)).toEqual(['a', 'b']);
});

test('entries that were damaged are passed over', () => {
  const kept = store();
  const outbox = createOutbox(kept);
  outbox.add(entry('a'));
  for (const [key, value] of [
    ['out/x', '{'],
    ['out/y', 'null'],
    ['out/z', '{"id":"other"}'],
    ['out/w', '7'],
  ] as const) {
    kept.set(key, value);
  }
  expect(ids(outbox)).toEqual(['a']);
});

test('who signs in takes along what he wrote, behind what waits there', () => {
  const [from, to] = [createOutbox(store()), createOutbox(store())];
  to.add(entry('early'));
  for (const id of ['a', 'b']) from.add(entry(id));
  moveOutbox(from, to);
  expect(ids(to)).toEqual(['early', 'a', 'b']);
  expect(ids(from)).toEqual([]);
});
