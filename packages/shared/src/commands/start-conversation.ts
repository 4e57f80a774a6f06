import { z } from 'zod';
import { mediumOf } from '../channels.ts';
import {
  bodyTextSchema,
  defineCommand,
  envelopeSchema,
  recipientSchema,
  toOwnMessage,
  toPreview,
} from './definition.ts';

export const startConversationSchema = envelopeSchema.extend({
  type: z.literal('start-conversation'),
  channelAccountId: z.string(),
  to: z.union(
    [recipientSchema, z.array(recipientSchema).min(1, 'needs at least one recipient').max(50)],
    'must be a mail address such as name@example.com, {name, address}, or a list of them',
  ),
  subject: z
    .string()
    .max(998)
    .regex(/^[^\r\n]*$/, 'must be one line')
    .optional(),
  text: bodyTextSchema,
});

/** A conversation begun by the agent. It has the command's id, as its first message does: both are made offline. */
export const startConversation = defineCommand({
  type: 'start-conversation',
  schema: startConversationSchema,
  apply(view, command, context) {
    const { channel } = view;
    if (!channel) return { ok: false, reason: { kind: 'not-found', what: 'channel' } };
    // Nobody can be written to who has not come: a visitor has no address.
    if (mediumOf(channel.channelKind) === 'chat')
      return { ok: false, reason: { kind: 'unsupported', type: command.type } };
    const to = Array.isArray(command.to) ? command.to : [command.to];
    const contact = to[0];
    if (!contact) return { ok: false, reason: { kind: 'no-recipient' } };
    const message = toOwnMessage(
      {
        id: command.id,
        conversationId: command.id,
        channelAccountId: channel.id,
        kind: 'text',
        text: command.text,
        subject: command.subject ?? '',
        status: 'queued',
        from: { name: channel.name, address: channel.address },
        to,
      },
      context,
    );
    return {
      ok: true,
      message,
      contact,
      conversation: {
        id: command.id,
        customerId: '',
        channelAccountId: channel.id,
        channelKind: channel.channelKind,
        subject: command.subject ?? '',
        status: 'open',
        assigneeId: context.agentId,
        teamId: null,
        priority: 'normal',
        tags: [],
        participants: to.map((recipient) => recipient.address.toLowerCase()),
        preview: toPreview(command.text),
        lastMessageAt: context.nowMs,
        waitingSince: null,
        firstRepliedAt: context.nowMs,
        resolvedAt: null,
        snoozedUntil: null,
        previousId: null,
        replyWindow: null,
        createdAt: context.nowMs,
        createdSeq: 0,
      },
    };
  },
});
