import { z } from 'zod';
import { defineCommand, envelopeSchema } from './definition.ts';

export const retryMessageSchema = envelopeSchema.extend({ type: z.literal('retry-message'), messageId: z.string() });

/** Sends a failed message again, after the agent has seen why it failed. */
export const retryMessage = defineCommand({
  type: 'retry-message',
  schema: retryMessageSchema,
  apply(view) {
    const { message } = view;
    if (!message) return { ok: false, reason: { kind: 'not-found', what: 'message' } };
    if (message.status !== 'failed') return { ok: false, reason: { kind: 'wrong-state', status: message.status } };
    return { ok: true, message: { ...message, status: 'queued', failure: null } };
  },
});

export const settleMessageSchema = envelopeSchema.extend({
  type: z.literal('settle-message'),
  messageId: z.string(),
  /** `resend` may reach the customer twice, and says so; `mark-sent` and `drop` send nothing. */
  choice: z.enum(['resend', 'mark-sent', 'drop']),
});

/** The agent's decision on a message whose outcome is unknown (R11), or to leave a failed one at that. */
export const settleMessage = defineCommand({
  type: 'settle-message',
  schema: settleMessageSchema,
  apply(view, command) {
    const { message } = view;
    if (!message) return { ok: false, reason: { kind: 'not-found', what: 'message' } };
    const settles = message.status === 'unknown' || (message.status === 'failed' && command.choice === 'drop');
    if (!settles) return { ok: false, reason: { kind: 'wrong-state', status: message.status } };
    if (command.choice === 'resend') return { ok: true, message: { ...message, status: 'queued', failure: null } };
    if (command.choice === 'mark-sent') return { ok: true, message: { ...message, status: 'sent', failure: null } };
    return { ok: true, message: { ...message, status: 'failed', failure: { kind: 'dropped', text: '' } } };
  },
});
