import { z } from 'zod';
import { conversationStatusSchema } from '../schemas/conversation.ts';
import { defineCommand, envelopeSchema, notFoundConversation } from './definition.ts';

export const setStatusSchema = envelopeSchema
  .extend({
    type: z.literal('set-status'),
    conversationId: z.string(),
    status: conversationStatusSchema,
    /** Epoch milliseconds; needed for, and only for, `snoozed`. */
    snoozedUntil: z.number().int().positive().nullable().optional(),
  })
  .refine((command) => command.status !== 'snoozed' || typeof command.snoozedUntil === 'number', {
    path: ['snoozedUntil'],
    message: 'is needed with status "snoozed": the instant to wake, in epoch milliseconds',
  });

export const setStatus = defineCommand({
  type: 'set-status',
  schema: setStatusSchema,
  apply(view, command, context) {
    const { conversation } = view;
    if (!conversation) return notFoundConversation;
    const resolved = command.status === 'resolved';
    return {
      ok: true,
      conversation: {
        ...conversation,
        status: command.status,
        snoozedUntil: command.status === 'snoozed' ? (command.snoozedUntil ?? null) : null,
        waitingSince: resolved ? null : conversation.waitingSince,
        resolvedAt: resolved ? (conversation.status === 'resolved' ? conversation.resolvedAt : context.nowMs) : null,
      },
    };
  },
});
