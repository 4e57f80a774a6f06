import { z } from 'zod';
import { mediumOf } from '../channels.ts';
import type { Address } from '../schemas/message.ts';
import {
  bodyTextSchema,
  defineCommand,
  envelopeSchema,
  notFoundConversation,
  recipientSchema,
  toOwnMessage,
  toPreview,
} from './definition.ts';

export const replySchema = envelopeSchema.extend({
  type: z.literal('reply'),
  conversationId: z.string(),
  text: bodyTextSchema,
  html: z.string().max(1_000_000).optional(),
  to: z.array(recipientSchema).max(50).optional(),
  cc: z.array(recipientSchema).max(50).optional(),
  bcc: z.array(recipientSchema).max(50).optional(),
  attachmentIds: z.array(z.string()).max(50).optional(),
  replyTo: z.string().optional(),
  /** Newest message painted when the agent pressed send; null: none was (R10). Without it nothing is checked. */
  seenMessageId: z.string().nullable().optional(),
  sendAt: z.number().int().optional(),
});

/** `Re: subject`, once, in the two languages' usual spellings. */
export function toReplySubject(subject: string): string {
  if (subject === '') return '';
  return /^\s*(re|回复|答复)\s*[:：]/i.test(subject) ? subject : `Re: ${subject}`;
}

function defaultRecipients(inbound: { from: Address | null; replyToAddresses: Address[] } | null): Address[] {
  if (!inbound) return [];
  if (inbound.replyToAddresses.length > 0) return inbound.replyToAddresses;
  return inbound.from ? [inbound.from] : [];
}

/**
 * An answer to the customer. The first one takes a pending conversation into progress; every one ends the customer's
 * waiting. A resolved or snoozed conversation keeps its status: a last "you are welcome" does not reopen it.
 */
export const reply = defineCommand({
  type: 'reply',
  schema: replySchema,
  apply(view, command, context) {
    const { conversation } = view;
    if (!conversation) return notFoundConversation;
    const isMail = mediumOf(conversation.channelKind) === 'mail';
    // A chat has one visitor; recipients, subject and markup are the language of mail.
    const to = isMail && command.to && command.to.length > 0 ? command.to : defaultRecipients(view.lastInbound);
    const fallback =
      to.length === 0 ? conversation.participants.slice(0, 1).map((address) => ({ name: '', address })) : to;
    if (fallback.length === 0) return { ok: false, reason: { kind: 'no-recipient' } };
    const inbound = view.lastInbound;
    const message = toOwnMessage(
      {
        id: command.id,
        conversationId: conversation.id,
        channelAccountId: conversation.channelAccountId,
        kind: 'text',
        text: command.text,
        html: isMail ? (command.html ?? null) : null,
        status: 'queued',
        from: view.channel ? { name: view.channel.name, address: view.channel.address } : null,
        to: fallback,
        cc: isMail ? (command.cc ?? []) : [],
        bcc: isMail ? (command.bcc ?? []) : [],
        subject: toReplySubject(conversation.subject),
        attachments: view.attachments,
        references:
          inbound && isMail
            ? [...new Set([...inbound.references, ...(inbound.externalId ? [inbound.externalId] : [])])]
            : [],
        replyTo: command.replyTo ?? inbound?.id ?? null,
      },
      context,
    );
    return {
      ok: true,
      message,
      conversation: {
        ...conversation,
        status: conversation.status === 'pending' ? 'open' : conversation.status,
        waitingSince: null,
        firstRepliedAt: conversation.firstRepliedAt ?? context.nowMs,
        lastMessageAt: Math.max(conversation.lastMessageAt, context.nowMs),
        preview: toPreview(command.text),
      },
    };
  },
});
