import type { SnapshotItem, SnapshotPage } from '@tradewind/shared/protocol/sync';
import {
  buildChange,
  buildCheckpoint,
  buildConversation,
  buildCustomer,
  buildDeletion,
  buildMessage,
} from '@tradewind/shared/testing/builders';
import { expect, onTestFinished, test } from 'vitest';
import { queryAllDocs } from '../db/live-set.ts';
import type { Replica } from './replica.ts';
import { openTestReplica } from './testing/open-replica.ts';

type Item = ReturnType<typeof buildChange>;

const batch = (seq: number) => ({ checkpoint: buildCheckpoint(seq), accessVersion: 1, clockOffsetMs: 0 });

function page(asOfSeq: number, items: Item[], nextCursor: string | null = null): SnapshotPage {
  const asOf = buildCheckpoint(asOfSeq);
  return { asOf, items: items as SnapshotItem[], nextCursor, accessVersion: 1, serverTime: 0 };
}

function conversation(id: string, seq: number, createdSeq = seq, scopes = ['desk']): Item {
  return { ...buildChange('conversation', seq, buildConversation({ id, createdSeq })), scopes };
}

function message(id: string, conversationId: string, seq: number): Item {
  return buildChange('message', seq, buildMessage({ id, conversationId, createdSeq: seq }));
}

/** A replica that has read `open` and `recent` as of 10, and has the history yet to come. */
async function openCaughtUp(open: Item[] = []) {
  const opened = await openTestReplica();
  onTestFinished(() => opened.close());
  const { replica, collections } = opened;
  await readPart(replica, page(10, open));
  await readPart(replica, page(10, []));
  await replica.settleAtHead();
  const ids = async (name: 'conversations' | 'messages' | 'customers') =>
    (await queryAllDocs(collections[name] as typeof collections.messages)).map(({ id }) => id);
  return { ...opened, ids };
}

async function readPart(replica: Replica, answer: SnapshotPage): Promise<void> {
  const part = replica.nextPart('first') ?? replica.nextPart('later');
  if (part) await replica.applyPart(part, answer);
}

const partial = (replica: Replica) => Object.keys(replica.position.partial);
const waiting = (replica: Replica) => Object.keys(replica.position.waiting);
const ask = (replica: Replica, part: string) => ({
  part,
  cursor: null,
  epoch: replica.position.epoch,
  accessVersion: 1,
});

test('[R6] changes begin at the first part’s asOf, once open work and what is recent are here', async () => {
  const opened = await openTestReplica();
  onTestFinished(() => opened.close());
  const { replica } = opened;
  expect(replica.nextPart('first')?.part).toBe('open');
  await readPart(replica, page(10, [conversation('a', 4)], 'more'));
  await readPart(replica, page(10, [message('m', 'a', 5)]));
  expect(replica.position.checkpoint).toBeNull();
  expect(replica.nextPart('first')?.part).toBe('recent');
  await readPart(replica, page(14, []));
  expect(replica.position).toMatchObject({ checkpoint: buildCheckpoint(10), seq: 10 });
  expect(replica.nextPart('first')).toBeNull();
  expect(replica.nextPart('later')?.part).toBe('history');
});

test('[R6] rule (a): a part does not write over what a change brought meanwhile', async () => {
  const { replica, collections } = await openCaughtUp();
  await replica.applyChanges([buildChange('customer', 12, buildCustomer({ name: 'new' }))], batch(12));
  await readPart(replica, page(11, [buildChange('customer', 4, buildCustomer({ name: 'old' }))]));
  expect((await queryAllDocs(collections.customers)).map(({ name }) => name)).toEqual(['new']);
});

test('[R6] rule (b): what was deleted or removed after a part’s asOf does not come back with it', async () => {
  const { replica, ids } = await openCaughtUp();
  await replica.applyChanges(
    [
      buildDeletion('customer', 12, 'gone'),
      { collection: 'conversation', id: 'unseen', seq: 13, createdSeq: 2, removed: true },
    ],
    batch(13),
  );
  await readPart(
    replica,
    page(11, [
      buildChange('customer', 3, buildCustomer({ id: 'gone' })),
      conversation('unseen', 2),
      message('of-unseen', 'unseen', 5),
    ]),
  );
  expect([await ids('customers'), await ids('conversations'), await ids('messages')]).toEqual([[], [], []]);
});

test('[R6] rule (b): what was removed before a part’s asOf and is listed has come into sight again', async () => {
  const { replica, ids } = await openCaughtUp();
  await replica.applyChanges(
    [{ collection: 'conversation', id: 'back', seq: 13, createdSeq: 2, removed: true }],
    batch(13),
  );
  // Its row was written at 12, the one that says it left a scope at 13; since then the agent has gained its other scope.
  await readPart(replica, page(14, [conversation('back', 12, 2)]));
  expect(await ids('conversations')).toEqual(['back']);
});

test('[R6] rule (c): messages wait for their conversation; new ones are kept, others dropped when none comes', async () => {
  const { replica, ids } = await openCaughtUp();
  await readPart(replica, page(10, []));
  await replica.applyChanges([message('kept', 'new', 12), message('dropped', 'never', 13)], batch(13));
  expect(waiting(replica)).toEqual(['new', 'never']);
  await replica.applyChanges([conversation('new', 14, 11)], batch(14));
  await replica.settleAtHead();
  expect(await ids('messages')).toEqual(['kept']);
  expect([waiting(replica), partial(replica)]).toEqual([[], []]);
});

test('[R6] rule (c): while a part is under way, messages wait for a conversation it may bring', async () => {
  const { replica, ids } = await openCaughtUp();
  await replica.applyChanges([message('receipt', 'old', 12)], batch(12));
  await replica.settleAtHead();
  expect(await ids('messages')).toEqual(['receipt']);
  await readPart(replica, page(11, [conversation('old', 2), message('receipt', 'old', 3)]));
  await replica.settleAtHead();
  expect(await ids('messages')).toEqual(['receipt']);
  expect([waiting(replica), partial(replica)]).toEqual([[], []]);
});

test('[R6] rules (c), (d): a conversation that comes into sight is partial until it has been fetched whole', async () => {
  const { replica, ids } = await openCaughtUp();
  await replica.applyChanges([conversation('seen', 15, 4), message('late', 'seen', 12)], batch(15));
  expect(partial(replica)).toEqual(['seen']);
  const asked = ask(replica, 'conversation:seen');
  await replica.applyChanges([message('newest', 'seen', 18)], batch(18));
  await replica.applyConversation(
    'seen',
    10,
    asked,
    page(16, [conversation('seen', 15, 4), message('first', 'seen', 5)]),
  );
  // `late` is not in it any more, `newest` came after it was read.
  expect(await ids('messages')).toEqual(['first', 'newest']);
  expect(partial(replica)).toEqual([]);
});

test('[R6] a conversation that left and came back meanwhile is still partial when an older answer arrives', async () => {
  const { replica } = await openCaughtUp();
  await replica.applyChanges([conversation('seen', 12, 4)], batch(12));
  const asked = ask(replica, 'conversation:seen');
  await replica.applyChanges(
    [{ collection: 'conversation', id: 'seen', seq: 13, createdSeq: 4, removed: true }],
    batch(13),
  );
  await replica.applyChanges([conversation('seen', 15, 4)], batch(15));
  await replica.applyConversation('seen', 10, asked, page(12, [conversation('seen', 12, 4)]));
  expect(partial(replica)).toEqual(['seen']);
});

test('[R6] rule (d): what was passed over while a conversation was out of sight is fetched, though nobody told that it had left', async () => {
  const { replica } = await openCaughtUp([conversation('a', 4), conversation('b', 5)]);
  await replica.applyChanges(
    [
      { ...conversation('a', 15, 4), since: 14 },
      { ...conversation('b', 16, 5), since: 3 },
    ],
    batch(16),
  );
  expect(partial(replica)).toEqual(['a']);
  await replica.applyConversation('a', 10, ask(replica, 'conversation:a'), page(16, [conversation('a', 15, 4)]));
  await replica.applyChanges([{ ...conversation('a', 17, 4), since: 14 }], batch(17));
  expect(partial(replica)).toEqual([]);
});

test('[R15] a removed conversation takes its messages along, and nothing of them stays readable', async () => {
  const { replica, collections, ids } = await openCaughtUp([conversation('a', 4), message('secret', 'a', 5)]);
  await replica.applyChanges(
    [{ collection: 'conversation', id: 'a', seq: 12, createdSeq: 4, removed: true }],
    batch(12),
  );
  expect([await ids('conversations'), await ids('messages')]).toEqual([[], []]);
  const left = await collections.messages.storageInstance.findDocumentsById(['secret'], true);
  expect(JSON.stringify(left)).not.toContain('Hello');
});

test('[R15] lost scopes take what only they gave; gained ones are asked for before the history', async () => {
  const { replica, ids } = await openCaughtUp([
    conversation('both', 2, 2, ['team:red', 'team:blue']),
    conversation('red', 4, 4, ['team:red']),
    message('of-red', 'red', 5),
    message('of-both', 'both', 6),
  ]);
  await replica.changeAccess({ lost: ['team:red'], gained: ['team:green'], accessVersion: 2 });
  expect([await ids('conversations'), await ids('messages')]).toEqual([['both'], ['of-both']]);
  expect(replica.position).toMatchObject({ accessVersion: 2, seq: 10, erasing: [], epoch: 1 });
  expect(replica.position.parts.map(({ part }) => part)).toEqual(['scope:team:green', 'history']);
  // What is left of its scopes is known: losing that too takes it.
  await replica.changeAccess({ lost: ['team:blue'], gained: [], accessVersion: 3 });
  expect(await ids('conversations')).toEqual([]);
});

test('[R15] a page that was read with the access of before is not written', async () => {
  const { replica, ids } = await openCaughtUp();
  const asked = replica.nextPart('later');
  await replica.changeAccess({ lost: ['team:red'], gained: [], accessVersion: 2 });
  if (asked) await replica.applyPart(asked, page(10, [conversation('red', 4, 4, ['team:red'])]));
  expect(await ids('conversations')).toEqual([]);
});

test('[R6] a renewal keeps the history of before until the new one is here, and drops open work at the head', async () => {
  const resolved: Item = buildChange('conversation', 3, buildConversation({ id: 'old', status: 'resolved' }));
  const { replica, ids } = await openCaughtUp([conversation('a', 4), message('of-a', 'a', 5)]);
  await readPart(replica, page(10, [resolved, message('of-old', 'old', 6)]));
  await replica.beginRenewal();
  await readPart(replica, page(7, []));
  await readPart(replica, page(7, []));
  await replica.settleAtHead();
  expect(replica.position.renewing).toBe(false);
  expect([await ids('conversations'), await ids('messages')]).toEqual([['old'], ['of-old']]);
  await readPart(replica, page(7, []));
  expect([await ids('conversations'), await ids('messages')]).toEqual([[], []]);
});
