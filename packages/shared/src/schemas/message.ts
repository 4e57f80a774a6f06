import { z } from 'zod';

export const addressSchema = z.object({ name: z.string(), address: z.string() });
export type Address = z.infer<typeof addressSchema>;

export const attachmentSchema = z.object({
  id: z.string(),
  name: z.string(),
  contentType: z.string(),
  sizeBytes: z.number(),
  /** Null while the file still has to be fetched from the platform. */
  sha256: z.string().nullable(),
  /** Mail parts referenced by `cid:` from the HTML. */
  contentId: z.string().optional(),
  /** Set when the file could not be fetched; a sentence for the agent. */
  problem: z.string().optional(),
});
export type Attachment = z.infer<typeof attachmentSchema>;

export const messageStatuses = [
  'received',
  'queued',
  'sending',
  'sent',
  'delivered',
  'read',
  'failed',
  'unknown',
  'recalled',
  /** Written without having seen a newer message: waits for its author's decision (R10). */
  'held',
] as const;
export const messageStatusSchema = z.enum(messageStatuses);
export type MessageStatus = z.infer<typeof messageStatusSchema>;

/** Why a message was not delivered: a stable kind for code and translations, the platform's own words for people. */
export const messageFailureSchema = z.object({ kind: z.string(), text: z.string() });
export type MessageFailure = z.infer<typeof messageFailureSchema>;

export const messageSchema = z.object({
  id: z.string(),
  conversationId: z.string(),
  channelAccountId: z.string(),
  direction: z.enum(['in', 'out']),
  kind: z.enum(['text', 'attachment', 'event', 'note', 'comment']),
  urgency: z.enum(['normal', 'urgent', 'appointment']),
  authorType: z.enum(['customer', 'agent', 'bot', 'system']),
  /** Agent id or customer id by `authorType`. */
  authorId: z.string().nullable(),
  from: addressSchema.nullable(),
  to: z.array(addressSchema),
  cc: z.array(addressSchema),
  bcc: z.array(addressSchema),
  /** The mail's Reply-To, where it differs from `from`. */
  replyToAddresses: z.array(addressSchema),
  subject: z.string(),
  text: z.string(),
  /** Sanitised; null for plain messages. */
  html: z.string().nullable(),
  attachments: z.array(attachmentSchema),
  mentions: z.array(z.string()),
  status: messageStatusSchema,
  failure: messageFailureSchema.nullable(),
  /** The platform's id; for mail the Message-Id with angle brackets. */
  externalId: z.string().nullable(),
  /** Message-Ids this mail names in In-Reply-To and References, oldest first. */
  references: z.array(z.string()),
  /** Id of the message this one answers. */
  replyTo: z.string().nullable(),
  sentAt: z.number(),
  receivedAt: z.number(),
  createdSeq: z.number(),
  deleted: z.boolean(),
  edits: z.array(z.object({ at: z.number(), by: z.string().nullable(), text: z.string() })),
});
export type Message = z.infer<typeof messageSchema>;
