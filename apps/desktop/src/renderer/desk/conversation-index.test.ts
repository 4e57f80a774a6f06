import { conversationStatuses } from '@tradewind/shared/schemas/conversation';
import { buildConversation, TEST_NOW } from '@tradewind/shared/testing/builders';
import { createRandom, pick } from '@tradewind/shared/testing/random';
import { expect, test } from 'vitest';
import { ConversationIndex, isInQueue } from './conversation-index.ts';
import { type ConversationRow, queueIds } from './types.ts';

const ME = 'agent-1';

function buildRow(random: () => number, id: string): ConversationRow {
  const conversation = buildConversation({
    id,
    customerId: `customer-${Math.floor(random() * 50)}`,
    status: pick(random, conversationStatuses),
    assigneeId: pick(random, [ME, 'agent-2', null]),
    lastMessageAt: TEST_NOW + Math.floor(random() * 1_000),
  });
  return { conversation, customerName: 'Mei', trouble: null, pending: false };
}

const newestFirst = (left: ConversationRow, right: ConversationRow) =>
  right.conversation.lastMessageAt - left.conversation.lastMessageAt ||
  (left.conversation.id < right.conversation.id ? -1 : 1);

test('lists, counts and a customer’s conversations are what a full evaluation gives, after any changes', () => {
  const random = createRandom(7);
  const index = new ConversationIndex(ME);
  const rows = new Map<string, ConversationRow>();
  for (let round = 0; round < 60; round++) {
    const changes = new Map<string, ConversationRow | null>();
    const size = round % 20 === 0 ? 300 : 1 + Math.floor(random() * 4);
    for (let change = 0; change < size; change++) {
      const id = `c${Math.floor(random() * 500)}`;
      changes.set(id, random() < 0.1 ? null : buildRow(random, id));
    }
    for (const [id, row] of changes) row ? rows.set(id, row) : rows.delete(id);
    index.update(changes);
    for (const queue of queueIds) {
      const expected = [...rows.values()].filter((row) => isInQueue(queue, row.conversation, ME)).sort(newestFirst);
      expect(index.list(queue)).toEqual(expected);
      expect(index.counts[queue]).toBe(expected.length);
    }
    const ofOne = [...rows.values()].filter((row) => row.conversation.customerId === 'customer-3').sort(newestFirst);
    expect(index.ofCustomer('customer-3')).toEqual(ofOne.map((row) => row.conversation));
  }
});

test('a change leaves the rows and lists it does not concern the same objects', () => {
  const index = new ConversationIndex(ME);
  const mine = buildConversation({ id: 'mine', status: 'open', assigneeId: ME });
  const other = buildConversation({ id: 'other', status: 'pending', lastMessageAt: TEST_NOW + 1 });
  const toRow = (conversation: typeof mine): ConversationRow => ({
    conversation,
    customerName: 'Mei',
    trouble: null,
    pending: false,
  });
  index.update(new Map([mine, other].map((conversation) => [conversation.id, toRow(conversation)])));
  const before = { mine: index.list('mine'), all: index.list('all'), counts: index.counts };
  expect(index.update(new Map([['mine', toRow(mine)]]))).toBe(false);
  expect(index.list('all')).toBe(before.all);
  expect(index.counts).toBe(before.counts);
  index.update(new Map([['other', toRow({ ...other, subject: 'Changed' })]]));
  expect(index.list('mine')).toBe(before.mine);
  expect(index.list('all')).not.toBe(before.all);
  expect(index.list('all')[1]).toBe(before.all[1]);
});
