import { z } from 'zod';
import { defineCommand, envelopeSchema } from './definition.ts';

export const discardSchema = envelopeSchema.extend({
  type: z.literal('discard'),
  /** A held command of the same author. */
  commandId: z.string().max(64),
});

/**
 * Gives a held command up, and with it the commands that wait for it. A reply that was held when it was to leave has a
 * message, under the command's own id: that goes with it. What was held on arrival made nothing, and nothing changes here;
 * whether the command is held at all, only the server knows.
 */
export const discard = defineCommand({
  type: 'discard',
  schema: discardSchema,
  apply({ message }) {
    if (!message) return { ok: true };
    if (message.status !== 'held') return { ok: false, reason: { kind: 'wrong-state', status: message.status } };
    return { ok: true, message: { ...message, deleted: true } };
  },
});
