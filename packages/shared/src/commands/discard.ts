import { z } from 'zod';
import { defineCommand, envelopeSchema } from './definition.ts';

export const discardSchema = envelopeSchema.extend({
  type: z.literal('discard'),
  /** A held command of the same author. */
  commandId: z.string().max(64),
});

/**
 * Gives a held command up, and with it the commands that wait for it. It touches no document that `apply` sees: the server
 * closes the held command's record and takes its message back.
 */
export const discard = defineCommand({ type: 'discard', schema: discardSchema, apply: () => ({ ok: true }) });
