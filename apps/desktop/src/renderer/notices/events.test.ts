import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Message } from '@tradewind/shared/schemas/message';
import { buildConversation, buildMessage } from '@tradewind/shared/testing/builders';
import { expect, test } from 'vitest';
import { fromConversation, fromMessage } from './events.ts';

const ME = 'agent-1';
const stored = <TDoc extends object>(doc: TDoc) => ({ ...doc, replicaSeq: 50, replicaEpoch: 1 });
const message = (fields: Partial<Message> = {}) => stored(buildMessage({ createdSeq: 40, ...fields }));
const own = (fields: Partial<Message> = {}) =>
  message({ direction: 'out', authorType: 'agent', authorId: ME, status: 'sent', ...fields });
const conversation = (fields: Partial<Conversation> = {}) => stored(buildConversation(fields));

test('a customer’s message counts from its first appearance, and only then', () => {
  expect(fromMessage(message({ text: 'Hi\nthere' }), undefined, ME)).toMatchObject({
    kind: 'message',
    seq: 40,
    preview: 'Hi there',
  });
  expect(fromMessage(message({ text: 'edited' }), message(), ME)).toBeNull();
});

test('what the system reports, what colleagues and bots write and what is gone is no news', () => {
  for (const fields of [
    { kind: 'event', authorType: 'system' },
    { direction: 'out', authorType: 'bot', authorId: null },
    { direction: 'out', authorType: 'agent', authorId: 'agent-2', status: 'failed' },
    { deleted: true },
  ] satisfies Partial<Message>[]) {
    expect(fromMessage(message(fields), undefined, ME)).toBeNull();
  }
});

test('a note that names me is a mention, unless I wrote it', () => {
  const note = { kind: 'note', direction: 'out', authorType: 'agent', authorId: 'agent-2', mentions: [ME] } as const;
  const noteOf = (fields: Partial<Message>) => message({ ...note, mentions: [...note.mentions], ...fields });
  expect(fromMessage(noteOf({}), undefined, ME)).toMatchObject({ kind: 'mention', seq: 40, authorId: 'agent-2' });
  expect(fromMessage(noteOf({ authorId: ME }), undefined, ME)).toBeNull();
  expect(fromMessage(noteOf({ mentions: ['agent-3'] }), undefined, ME)).toBeNull();
  expect(fromMessage(noteOf({}), noteOf({}), ME)).toBeNull();
});

test('a message of mine is news when it fails or nobody knows, at the moment it does', () => {
  const seen = (now: Partial<Message>, before?: Partial<Message>) =>
    fromMessage(own(now), before && own(before), ME) as { trouble?: string } | null;
  expect(seen({ status: 'failed' }, { status: 'sending' })).toMatchObject({
    kind: 'failed',
    seq: 50,
    trouble: 'failed',
  });
  expect(seen({ status: 'unknown' }, { status: 'sending' })?.trouble).toBe('unknown');
  expect(seen({ status: 'failed' }, { status: 'unknown' })?.trouble).toBe('failed');
  expect(seen({ status: 'failed' }, { status: 'failed' })).toBeNull();
  expect(seen({ status: 'delivered' }, { status: 'unknown' })).toBeNull();
  expect(seen({ status: 'failed', failure: { kind: 'dropped', text: '' } }, { status: 'unknown' })).toBeNull();
});

test('a conversation is news when it becomes mine', () => {
  const mine = conversation({ assigneeId: ME });
  expect(fromConversation(mine, conversation(), ME)).toMatchObject({ kind: 'assigned', seq: 50 });
  expect(fromConversation(mine, undefined, ME)).toMatchObject({ kind: 'assigned' });
  expect(fromConversation(mine, conversation({ assigneeId: ME, subject: 'before' }), ME)).toBeNull();
  expect(fromConversation(conversation({ assigneeId: 'agent-2' }), mine, ME)).toBeNull();
});
