import { z } from 'zod';
import {
  type Personal,
  type PersonalItem,
  type PersonalOf,
  personalItemSchema,
  toPersonalId,
} from '../schemas/personal.ts';
import { type ApplyContext, type ApplyOutcome, defineCommand, envelopeSchema } from './definition.ts';

export const setPersonalSchema = envelopeSchema.extend({ type: z.literal('set-personal'), item: personalItemSchema });

/** Writes one thing of the agent's own: a draft, how far he has read, a star, a reminder, a view, a rule, a signature. */
export const setPersonal = defineCommand({
  type: 'set-personal',
  schema: setPersonalSchema,
  apply(view, { item }, context): ApplyOutcome {
    const current = view.personal ?? null;
    if (item.kind === 'draft')
      return { ok: true, personal: toDraft(current as PersonalOf<'draft'> | null, item, context) };
    if (item.kind !== 'read') return { ok: true, personal: { ...item, ...toFields(current, item, context) } };
    const { message } = view;
    if (message?.conversationId !== item.conversationId) {
      return { ok: false, reason: { kind: 'not-found', what: 'message' } };
    }
    const before = current as PersonalOf<'read'> | null;
    if (before && before.upToSeq >= message.createdSeq) return { ok: true };
    return {
      ok: true,
      personal: { ...item, ...toFields(current, item, context), upToSeq: message.createdSeq },
    };
  },
});

export const removePersonalSchema = envelopeSchema.extend({
  type: z.literal('remove-personal'),
  /** Of the agent's own document. */
  itemId: z.string().min(1).max(300),
  /** Given for a draft: it stays when another device has written it since. */
  base: z.number().int().nonnegative().optional(),
});

/** Takes one of them away: a draft that was sent, a star. What is not there any more is no error. */
export const removePersonal = defineCommand({
  type: 'remove-personal',
  schema: removePersonalSchema,
  apply({ personal }, { base }): ApplyOutcome {
    if (!personal || (base !== undefined && personal.version > base)) return { ok: true };
    return { ok: true, personal: 'removed' };
  },
});

/** A text written without knowing of another device's newer one replaces it, and keeps it beside. */
function toDraft(
  current: PersonalOf<'draft'> | null,
  { base, dropOther, ...item }: Extract<PersonalItem, { kind: 'draft' }>,
  context: ApplyContext,
): PersonalOf<'draft'> {
  const overtaken = current !== null && current.version > base && current.text !== item.text && current.text !== '';
  const kept = dropOther ? null : (current?.other ?? null);
  return {
    ...item,
    ...toFields(current, { base, ...item }, context),
    other: overtaken ? { text: current.text, at: current.updatedAt } : kept,
  };
}

function toFields(current: Personal | null, item: PersonalItem, context: ApplyContext) {
  return {
    id: toPersonalId(context.agentId, item),
    agentId: context.agentId,
    version: Math.max((current?.version ?? 0) + 1, context.nowMs),
    updatedAt: context.nowMs,
    createdSeq: current?.createdSeq ?? 0,
  };
}
