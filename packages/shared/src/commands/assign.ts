import { z } from 'zod';
import type { Conversation } from '../schemas/conversation.ts';
import { defineCommand, envelopeSchema, notFoundConversation } from './definition.ts';

export const assignSchema = envelopeSchema
  .extend({
    type: z.literal('assign'),
    conversationId: z.string(),
    agentId: z.string().nullable().optional(),
    teamId: z.string().nullable().optional(),
  })
  .refine((command) => command.agentId !== undefined || command.teamId !== undefined, {
    path: ['agentId'],
    message: 'give agentId, teamId or both; null clears',
  });

/** Gives the conversation to an agent, or to nobody. */
export function assignTo(conversation: Conversation, assigneeId: string | null): Conversation {
  return { ...conversation, assigneeId, status: toAssignedStatus(conversation, assigneeId) };
}

/** Taking a pending conversation puts it in progress; giving back one that nobody has answered makes it pending again. */
function toAssignedStatus(conversation: Conversation, assigneeId: string | null): Conversation['status'] {
  if (conversation.status === 'pending' && assigneeId !== null) return 'open';
  if (conversation.status === 'open' && assigneeId === null && conversation.firstRepliedAt === null) return 'pending';
  return conversation.status;
}

export const assign = defineCommand({
  type: 'assign',
  schema: assignSchema,
  apply(view, command) {
    const { conversation } = view;
    if (!conversation) return notFoundConversation;
    const assigned = command.agentId === undefined ? conversation : assignTo(conversation, command.agentId);
    const teamId = command.teamId === undefined ? conversation.teamId : command.teamId;
    return { ok: true, conversation: { ...assigned, teamId } };
  },
});
