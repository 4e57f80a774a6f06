import { expect, test } from 'vitest';
import type { Conversation } from '../schemas/conversation.ts';
import { conversationSchema, conversationStatuses } from '../schemas/conversation.ts';
import { type MessageStatus, messageSchema, messageStatuses } from '../schemas/message.ts';
import { type PersonalItem, personalSchema } from '../schemas/personal.ts';
import { buildChannel, buildConversation, buildMessage, TEST_NOW } from '../testing/builders.ts';
import { deepFreeze } from '../testing/freeze.ts';
import { createRandom, pick } from '../testing/random.ts';
import type { ApplyContext, ApplyOutcome, CommandView } from './definition.ts';
import {
  applyCommand,
  type Command,
  type CommandInput,
  type CommandType,
  commandDefinitions,
  commandSchema,
} from './registry.ts';

// Properties that every command has; the single commands' tests stand beside them.

const emptyView: CommandView = { conversation: null, message: null, lastInbound: null, attachments: [], channel: null };
const base = { id: '019b8d6e-0000-7000-8000-000000000001', conversationId: 'conversation-1' };

/** One command of each type, with fields chosen by `random`. */
const samples: Record<CommandType, (random: () => number) => CommandInput> = {
  reply: (random) => ({
    ...base,
    type: 'reply',
    text: pick(random, ['Hello', '> quoted\n\nYes', '你好', '🙂'.repeat(200)]),
    ...(random() < 0.3 ? { to: ['Other@Example.com'], cc: [{ name: 'C', address: 'c@example.com' }] } : {}),
  }),
  note: (random) => ({ ...base, type: 'note', text: 'only for us', mentions: random() < 0.5 ? ['agent-2'] : [] }),
  'set-status': (random) => ({
    ...base,
    type: 'set-status',
    status: pick(random, conversationStatuses),
    snoozedUntil: TEST_NOW + 3_600_000,
  }),
  assign: (random) => ({
    ...base,
    type: 'assign',
    agentId: pick(random, ['agent-1', 'agent-2', null]),
    ...(random() < 0.5 ? { teamId: pick(random, ['team-1', null]) } : {}),
  }),
  tag: (random) => ({
    ...base,
    type: 'tag',
    add: [pick(random, ['vip', 'refund', '退款'])],
    remove: random() < 0.5 ? [pick(random, ['vip', 'refund', '退款'])] : [],
  }),
  'start-conversation': () => ({
    id: base.id,
    type: 'start-conversation',
    channelAccountId: 'channel-1',
    to: ['New@Example.com'],
    text: 'A first line',
  }),
  'set-personal': (random) => ({
    id: base.id,
    type: 'set-personal',
    item: pick<PersonalItem>(random, [
      { kind: 'draft', conversationId: 'conversation-1', mode: 'reply', text: '你好', base: 0 },
      { kind: 'read', conversationId: 'conversation-1', messageId: 'message-1' },
      { kind: 'star', conversationId: 'conversation-1', messageId: null },
      { kind: 'view', key: 'late', name: '催单', filter: { status: ['open'] }, position: 1 },
    ]),
  }),
  'remove-personal': () => ({ id: base.id, type: 'remove-personal', itemId: 'star:agent-1:conversation-1' }),
  discard: () => ({ id: base.id, type: 'discard', commandId: 'command-1' }),
  'retry-message': () => ({ id: base.id, type: 'retry-message', messageId: 'message-1' }),
  'settle-message': (random) => ({
    id: base.id,
    type: 'settle-message',
    messageId: 'message-1',
    choice: pick(random, ['resend', 'mark-sent', 'drop']),
  }),
};
const types = Object.keys(commandDefinitions) as CommandType[];

function buildView(random: () => number): CommandView {
  const conversation: Conversation = buildConversation({
    status: pick(random, conversationStatuses),
    assigneeId: pick(random, [null, 'agent-1']),
    tags: pick(random, [[], ['vip'], ['vip', 'refund']]),
    firstRepliedAt: pick(random, [null, TEST_NOW - 5_000]),
    resolvedAt: pick(random, [null, TEST_NOW - 9_000]),
    snoozedUntil: pick(random, [null, TEST_NOW + 9_000]),
    participants: pick(random, [[], ['mei@example.com'], ['mei@example.com', 'b@example.com']]),
  });
  return {
    conversation,
    message: buildMessage({ direction: 'out', status: pick<MessageStatus>(random, messageStatuses) }),
    lastInbound: pick(random, [
      null,
      buildMessage(),
      buildMessage({ externalId: null, references: ['<0@mail.example>'] }),
    ]),
    attachments: pick(random, [
      [],
      [{ id: 'a', name: 'a.pdf', contentType: 'application/pdf', sizeBytes: 3, sha256: 'f' }],
    ]),
    channel: buildChannel(),
  };
}

const context: ApplyContext = deepFreeze({ agentId: 'agent-1', nowMs: TEST_NOW + 1_000 });

function run(view: CommandView, input: CommandInput): ApplyOutcome {
  const command: Command = commandSchema.parse(input);
  return applyCommand(deepFreeze(view), deepFreeze(command), context);
}

test.each(types)('[R9] %s: changes none of its inputs, gives the same answer twice, and whole documents', (type) => {
  const random = createRandom(types.indexOf(type) + 1);
  for (let round = 0; round < 200; round++) {
    const view = buildView(random);
    const input = samples[type](random);
    const outcome = run(view, input);
    expect(run(view, input)).toEqual(outcome);
    if (!outcome.ok) continue;
    if (outcome.conversation) expect(conversationSchema.parse(outcome.conversation)).toEqual(outcome.conversation);
    if (outcome.personal && outcome.personal !== 'removed') {
      expect(personalSchema.parse(outcome.personal)).toEqual(outcome.personal);
    }
    if (outcome.message) expect(messageSchema.parse(outcome.message)).toEqual(outcome.message);
  }
});

test.each(types)('[R9] %s: reads no clock: what it writes does not depend on when it is run', (type) => {
  const view = buildView(createRandom(5));
  const before = run(view, samples[type](createRandom(6)));
  const realNow = Date.now;
  Date.now = () => 0;
  try {
    expect(run(view, samples[type](createRandom(6)))).toEqual(before);
  } finally {
    Date.now = realNow;
  }
});

// What `discard` names is a command, which no view shows, and what is the agent's own is made by being named: these have
// tests of their own.
const typesOfDocuments = types.filter((type) => !['discard', 'set-personal', 'remove-personal'].includes(type));

test.each(typesOfDocuments)('%s: what it names does not exist: a reason, not an error', (type) => {
  const what = { 'start-conversation': 'channel', 'retry-message': 'message', 'settle-message': 'message' } as const;
  const missing = type in what ? what[type as keyof typeof what] : 'conversation';
  expect(run(emptyView, samples[type](createRandom(1)))).toEqual({
    ok: false,
    reason: { kind: 'not-found', what: missing },
  });
});

test('[R8] a message made by a command has the command’s id and its author', () => {
  for (const type of ['reply', 'note', 'start-conversation'] as const) {
    const outcome = run(buildView(createRandom(2)), samples[type](createRandom(2)));
    expect(outcome).toMatchObject({
      ok: true,
      message: { id: base.id, authorType: 'agent', authorId: 'agent-1', direction: 'out' },
    });
  }
});

test('unknown fields and types are told apart from known ones', () => {
  expect(commandSchema.safeParse({ ...base, type: 'delete-everything' }).success).toBe(false);
  expect(commandSchema.safeParse({ ...base, type: 'note', text: 'x', extra: 1 }).success).toBe(true);
});

test.each(['short', 'x'.repeat(65), 'has space 1', 'ünïcode-id', ''])('%j is not a command id', (id) => {
  expect(commandSchema.safeParse({ ...base, id, type: 'note', text: 'x' }).success).toBe(false);
});
