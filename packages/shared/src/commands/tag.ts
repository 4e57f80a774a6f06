import { z } from 'zod';
import { defineCommand, envelopeSchema, notFoundConversation } from './definition.ts';

const tagNameSchema = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(60, 'must be at most 60 characters')
  .transform((name) => name.replaceAll('\u0000', ''));

export const tagSchema = envelopeSchema.extend({
  type: z.literal('tag'),
  conversationId: z.string(),
  add: z.array(tagNameSchema).max(50).default([]),
  remove: z.array(tagNameSchema).max(50).default([]),
});

/** Adds and removes by name, so that two agents tagging at once both get what they meant. */
export const tag = defineCommand({
  type: 'tag',
  schema: tagSchema,
  apply(view, command) {
    const { conversation } = view;
    if (!conversation) return notFoundConversation;
    const removed = new Set(command.remove);
    const tags = [...new Set([...conversation.tags, ...command.add])].filter((name) => !removed.has(name));
    return { ok: true, conversation: { ...conversation, tags } };
  },
});
