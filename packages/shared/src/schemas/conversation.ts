import { z } from 'zod';

export const conversationStatuses = ['pending', 'open', 'snoozed', 'resolved'] as const;
export const conversationStatusSchema = z.enum(conversationStatuses);
export type ConversationStatus = z.infer<typeof conversationStatusSchema>;

export const conversationSchema = z.object({
  id: z.string(),
  customerId: z.string(),
  channelAccountId: z.string(),
  /** Kind of the channel account (`mailgun`, …), so that a list can show its icon without a second look-up. */
  channelKind: z.string(),
  subject: z.string(),
  status: conversationStatusSchema,
  assigneeId: z.string().nullable(),
  teamId: z.string().nullable(),
  priority: z.enum(['low', 'normal', 'high', 'urgent']),
  tags: z.array(z.string()),
  /** Mail participants of this thread besides our own account, lower-cased (R14). */
  participants: z.array(z.string()),
  /** Agents whom notes in it mention: they may see it (protocol: Visibility). */
  mentionedIds: z.array(z.string()).optional(),
  /** How the newest message begins, in one line of at most 140 characters, for the list. */
  preview: z.string(),
  lastMessageAt: z.number(),
  /** The customer's newest message, by `createdSeq`: read marks are compared with it. */
  lastInboundId: z.string().optional(),
  /** Receipt of the oldest customer message nobody has answered; null when nothing waits. */
  waitingSince: z.number().nullable(),
  firstRepliedAt: z.number().nullable(),
  resolvedAt: z.number().nullable(),
  snoozedUntil: z.number().nullable(),
  /** The resolved conversation this one follows, when it came after the reopening time. */
  previousId: z.string().nullable(),
  replyWindow: z.object({ closesAt: z.number().nullable(), messagesLeft: z.number().nullable() }).nullable(),
  /** How the customer rated the resolved conversation, 1 to 5. */
  satisfaction: z.object({ score: z.number(), comment: z.string(), at: z.number() }).nullable().optional(),
  createdAt: z.number(),
  createdSeq: z.number(),
});
export type Conversation = z.infer<typeof conversationSchema>;
