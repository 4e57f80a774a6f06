import { expect, test } from 'vitest';
import type { ConversationStatus } from '../schemas/conversation.ts';
import { APPLIED_AT, applyInput, COMMAND_ID, conversationOf, messageOf } from '../testing/apply-command.ts';
import { buildConversation, buildMessage, TEST_NOW } from '../testing/builders.ts';
import { replySchema, toReplySubject } from './reply.ts';

const reply = { type: 'reply', conversationId: 'conversation-1', text: 'It is on its way.' } as const;
const address = (value: string) => ({ name: '', address: value });

test.each([
  ['pending', 'open'],
  ['open', 'open'],
  ['snoozed', 'snoozed'],
  ['resolved', 'resolved'],
] satisfies [ConversationStatus, ConversationStatus][])('on a %s conversation leaves it %s', (before, after) => {
  const conversation = conversationOf(applyInput(reply, { conversation: buildConversation({ status: before }) }));
  expect(conversation.status).toBe(after);
});

test('ends the waiting, counts as first reply once, and is the newest message', () => {
  const first = conversationOf(applyInput(reply));
  expect(first).toMatchObject({
    waitingSince: null,
    firstRepliedAt: APPLIED_AT,
    lastMessageAt: APPLIED_AT,
    preview: 'It is on its way.',
  });
  const replied = buildConversation({ firstRepliedAt: TEST_NOW - 5, lastMessageAt: APPLIED_AT + 5 });
  expect(conversationOf(applyInput(reply, { conversation: replied }))).toMatchObject({
    firstRepliedAt: TEST_NOW - 5,
    lastMessageAt: APPLIED_AT + 5,
  });
});

test('goes to whom the customer asked, else to the sender, else to the thread, else nowhere', () => {
  const inbound = buildMessage();
  const asked = buildMessage({ replyToAddresses: [address('desk@mei.example')] });
  expect(messageOf(applyInput(reply, { lastInbound: asked })).to).toEqual([address('desk@mei.example')]);
  expect(messageOf(applyInput(reply, { lastInbound: inbound })).to).toEqual([inbound.from]);
  expect(messageOf(applyInput(reply)).to).toEqual([address('mei@example.com')]);
  const nobody = buildConversation({ participants: [] });
  expect(applyInput(reply, { conversation: nobody })).toEqual({ ok: false, reason: { kind: 'no-recipient' } });
});

test('named recipients win; an empty list means the usual ones', () => {
  const to = [{ name: 'Bo', address: 'bo@example.com' }];
  expect(messageOf(applyInput({ ...reply, to }, { lastInbound: buildMessage() })).to).toEqual(to);
  expect(messageOf(applyInput({ ...reply, to: [] }, { lastInbound: buildMessage() })).to).toEqual([
    buildMessage().from,
  ]);
});

test('names every mail before it, oldest first and each once', () => {
  const lastInbound = buildMessage({ externalId: '<3@x>', references: ['<1@x>', '<2@x>', '<3@x>'] });
  expect(messageOf(applyInput(reply, { lastInbound }))).toMatchObject({
    references: ['<1@x>', '<2@x>', '<3@x>'],
    replyTo: lastInbound.id,
  });
});

test('is queued, from the channel, and not yet known outside', () => {
  expect(messageOf(applyInput(reply))).toMatchObject({
    id: COMMAND_ID,
    kind: 'text',
    status: 'queued',
    from: { name: 'Shop mail', address: 'help@shop.example' },
    externalId: null,
    html: null,
  });
});

test.each([
  ['Where is it?', 'Re: Where is it?'],
  ['Re: Where is it?', 'Re: Where is it?'],
  ['RE:Where is it?', 'RE:Where is it?'],
  ['回复：订单', '回复：订单'],
  ['答复: 订单', '答复: 订单'],
  ['Regarding it', 'Re: Regarding it'],
  ['', ''],
])('answers the subject %j with %j', (subject, answered) => {
  expect(toReplySubject(subject)).toBe(answered);
});

const refused: [fields: Record<string, unknown>, why: string][] = [
  [{ text: '' }, 'empty'],
  [{ text: ' \n\t ' }, 'only blanks'],
  [{ text: '\u0000' }, 'only U+0000'],
  [{ to: ['not an address'] }, 'no address'],
  [{ to: ['a@example.com\r\nBcc: b@example.com'] }, 'a second header in the address'],
  [{ cc: [{ name: 'A\nBcc: b@example.com', address: 'a@example.com' }] }, 'a second header in the name'],
  [{ conversationId: 7 }, 'a number for an id'],
  [{ sendAt: 1.5 }, 'a fraction of a millisecond'],
];
test.each(refused)('refuses %j: %s', (fields) => {
  expect(replySchema.safeParse({ id: COMMAND_ID, ...reply, ...fields }).success).toBe(false);
});

test('drops U+0000 from the text and keeps everything else', () => {
  const text = 'a\u0000b مرحبا 🙂\u202e';
  expect(messageOf(applyInput({ ...reply, text })).text).toBe('ab مرحبا 🙂\u202e');
});

test('in a chat it goes to the visitor alone, as plain text, whatever a mail would have', () => {
  const conversation = buildConversation({ channelKind: 'web-chat', subject: '', participants: ['visitor-1'] });
  const lastInbound = buildMessage({ from: { name: 'Mei', address: 'visitor-1' }, externalId: 'visitor-1/message-1' });
  const input = {
    ...reply,
    to: ['x@example.com'],
    cc: ['y@example.com'],
    bcc: ['z@example.com'],
    html: '<b>It is.</b>',
  };
  const chat = messageOf(applyInput(input, { conversation, lastInbound }));
  expect(chat).toMatchObject({
    to: [{ name: 'Mei', address: 'visitor-1' }],
    cc: [],
    bcc: [],
    html: null,
    subject: '',
    references: [],
    replyTo: lastInbound.id,
  });
  expect(messageOf(applyInput(input, { conversation })).to).toEqual([address('visitor-1')]);
});
