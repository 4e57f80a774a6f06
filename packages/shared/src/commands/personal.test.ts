import { expect, test } from 'vitest';
import type { Personal, PersonalItem } from '../schemas/personal.ts';
import { personalItemSchema, toPersonalId } from '../schemas/personal.ts';
import { buildMessage, TEST_NOW } from '../testing/builders.ts';
import type { CommandView } from './definition.ts';
import { removePersonal, setPersonal } from './personal.ts';

const id = '019b8d6e-0000-7000-8000-000000000001';
const empty: CommandView = { conversation: null, message: null, lastInbound: null, attachments: [], channel: null };

function set(current: Personal | null, item: PersonalItem, view: Partial<CommandView> = {}, nowMs = TEST_NOW) {
  const outcome = setPersonal.apply(
    { ...empty, ...view, personal: current },
    { id, type: 'set-personal', item },
    { agentId: 'agent-1', nowMs },
  );
  return outcome.ok && outcome.personal !== 'removed' ? (outcome.personal ?? null) : null;
}

const draft = (text: string, base: number): PersonalItem => ({
  kind: 'draft',
  conversationId: 'c1',
  mode: 'reply',
  text,
  base,
});

test('a draft goes on from what was written before it', () => {
  const first = set(null, draft('Hello', 0));
  expect(first).toMatchObject({ id: 'draft:agent-1:c1:reply', version: TEST_NOW, text: 'Hello', other: null });
  expect(set(first, draft('Hello Mei', TEST_NOW))).toMatchObject({
    version: TEST_NOW + 1,
    text: 'Hello Mei',
    other: null,
  });
});

test('a draft written without knowing of another device’s keeps that one beside it', () => {
  const laptop = set(null, draft('from the laptop', 0));
  const phone = set(laptop, draft('from the phone', 0), {}, TEST_NOW + 5_000);
  expect(phone).toMatchObject({ text: 'from the phone', other: { text: 'from the laptop', at: TEST_NOW } });
  const next = set(phone, draft('from the phone, longer', phone?.version ?? 0));
  expect(next).toMatchObject({ text: 'from the phone, longer', other: { text: 'from the laptop' } });
  const chosen = set(next, { ...draft('from the phone, longer', next?.version ?? 0), dropOther: true } as PersonalItem);
  expect(chosen).toMatchObject({ other: null });
  expect(chosen).not.toHaveProperty('dropOther');
});

test('the same text twice, or over nothing, leaves nothing beside it', () => {
  const first = set(null, draft('Hello', 0));
  expect(set(first, draft('Hello', 0))).toMatchObject({ text: 'Hello', other: null });
  expect(set(set(null, draft('', 0)), draft('x', 0))).toMatchObject({ text: 'x', other: null });
});

test('reply and note of one conversation, and conversations, have drafts of their own', () => {
  const ids = [draft('x', 0), { ...draft('x', 0), mode: 'note' }, { ...draft('x', 0), conversationId: 'c2' }].map(
    (item) => toPersonalId('agent-1', item as PersonalItem),
  );
  expect(new Set(ids).size).toBe(3);
});

test('a draft that was sent goes, unless another device has written on it since', () => {
  const current = set(set(null, draft('a', 0)), draft('b', TEST_NOW));
  const remove = (base?: number) =>
    removePersonal.apply(
      { ...empty, personal: current },
      { id, type: 'remove-personal', itemId: current?.id ?? '', ...(base === undefined ? {} : { base }) },
      { agentId: 'agent-1', nowMs: TEST_NOW },
    );
  expect(remove(TEST_NOW + 1)).toEqual({ ok: true, personal: 'removed' });
  expect(remove()).toEqual({ ok: true, personal: 'removed' });
  expect(remove(TEST_NOW)).toEqual({ ok: true });
});

test('a read mark only goes forward, by place in the log and never by clock', () => {
  const message = (createdSeq: number, sentAt: number) =>
    buildMessage({ id: `m${createdSeq}`, conversationId: 'c1', createdSeq, sentAt });
  const read = (createdSeq: number): PersonalItem => ({
    kind: 'read',
    conversationId: 'c1',
    messageId: `m${createdSeq}`,
  });
  const newer = set(null, read(9), { message: message(9, TEST_NOW) });
  expect(newer).toMatchObject({ upToSeq: 9, messageId: 'm9' });
  expect(set(newer, read(7), { message: message(7, TEST_NOW + 99_000) })).toBeNull();
  expect(set(newer, read(12), { message: message(12, TEST_NOW - 99_000) })).toMatchObject({ upToSeq: 12 });
});

test('a read mark on a message of another conversation, or of none, is refused', () => {
  const item: PersonalItem = { kind: 'read', conversationId: 'c1', messageId: 'm1' };
  for (const message of [null, buildMessage({ id: 'm1', conversationId: 'c2' })]) {
    const outcome = setPersonal.apply(
      { ...empty, message },
      { id, type: 'set-personal', item },
      { agentId: 'agent-1', nowMs: TEST_NOW },
    );
    expect(outcome).toEqual({ ok: false, reason: { kind: 'not-found', what: 'message' } });
  }
});

test.each([
  [{ kind: 'draft', conversationId: 'c1', mode: 'mail', text: 'x', base: 0 }, 'mode'],
  [{ kind: 'draft', conversationId: 'c1', mode: 'reply', text: 'x'.repeat(100_001), base: 0 }, 'text'],
  [{ kind: 'star', conversationId: '', messageId: null }, 'conversationId'],
  [{ kind: 'view', key: 'a key', name: 'x', filter: {}, position: 0 }, 'key'],
  [{ kind: 'secret' }, 'kind'],
])('%j is refused, naming %s', (item, field) => {
  const parsed = personalItemSchema.safeParse(item);
  expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toEqual([field]);
});
