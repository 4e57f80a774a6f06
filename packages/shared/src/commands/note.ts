import { z } from 'zod';
import { bodyTextSchema, defineCommand, envelopeSchema, notFoundConversation, toOwnMessage } from './definition.ts';

export const noteSchema = envelopeSchema.extend({
  type: z.literal('note'),
  conversationId: z.string(),
  text: bodyTextSchema,
  /** Agent ids. */
  mentions: z.array(z.string()).max(50).optional(),
  /** Newest message painted when the note was written: a reply its author had seen is not held for it (R10). */
  seenMessageId: z.string().nullable().optional(),
});

/**
 * An internal note: colleagues read it, the customer never does; the conversation's life is not touched. Whom it mentions may
 * see the conversation from then on.
 */
export const note = defineCommand({
  type: 'note',
  schema: noteSchema,
  apply(view, command, context) {
    const { conversation } = view;
    if (!conversation) return notFoundConversation;
    const message = toOwnMessage(
      {
        id: command.id,
        conversationId: conversation.id,
        channelAccountId: conversation.channelAccountId,
        kind: 'note',
        text: command.text,
        mentions: command.mentions ?? [],
        status: 'sent',
      },
      context,
    );
    const { mentionedIds: known = [] } = conversation;
    const mentionedIds = [...new Set([...known, ...message.mentions])];
    return mentionedIds.length === known.length
      ? { ok: true, message }
      : { ok: true, message, conversation: { ...conversation, mentionedIds } };
  },
});
