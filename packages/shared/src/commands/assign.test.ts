import { expect, test } from 'vitest';
import type { ConversationStatus } from '../schemas/conversation.ts';
import { applyInput, COMMAND_ID, conversationOf } from '../testing/apply-command.ts';
import { buildConversation, TEST_NOW } from '../testing/builders.ts';
import { assignSchema } from './assign.ts';

const assign = { type: 'assign', conversationId: 'conversation-1' } as const;

test.each([
  // status, first reply, agent after → status after
  ['pending', null, 'agent-2', 'open'],
  ['pending', null, null, 'pending'],
  ['open', null, null, 'pending'],
  ['open', TEST_NOW, null, 'open'],
  ['open', null, 'agent-2', 'open'],
  ['snoozed', null, null, 'snoozed'],
  ['snoozed', null, 'agent-2', 'snoozed'],
  ['resolved', null, 'agent-2', 'resolved'],
] satisfies [ConversationStatus, number | null, string | null, ConversationStatus][])(
  '%s, first replied %s, given to %s: %s',
  (status, firstRepliedAt, agentId, after) => {
    const conversation = buildConversation({ status, firstRepliedAt, assigneeId: 'agent-1', teamId: 'team-1' });
    expect(conversationOf(applyInput({ ...assign, agentId }, { conversation }))).toMatchObject({
      status: after,
      assigneeId: agentId,
      teamId: 'team-1',
    });
  },
);

test('a team alone changes neither the agent nor the status; null clears it', () => {
  const conversation = buildConversation({ status: 'pending', assigneeId: null });
  expect(conversationOf(applyInput({ ...assign, teamId: 'team-2' }, { conversation }))).toEqual({
    ...conversation,
    teamId: 'team-2',
  });
  const cleared = applyInput({ ...assign, teamId: null }, { conversation: { ...conversation, teamId: 'team-2' } });
  expect(conversationOf(cleared).teamId).toBeNull();
});

test('needs an agent or a team', () => {
  expect(assignSchema.safeParse({ id: COMMAND_ID, ...assign }).success).toBe(false);
});
