import { createHash } from 'node:crypto';
import { chatLanguages } from '@tradewind/shared/chat/wire';
import { z } from 'zod';
import type { VerifiedFacts } from '../connector.ts';
import { cleanText, toBodyText, toSingleLine } from '../mail/text.ts';

/** 8 to 64 letters, digits, "-" or "_": made by whoever sends, the same on every attempt (R2). */
const clientIdSchema = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, 'must be 8 to 64 letters, digits, "-" or "_"');

const instantSchema = z.number().int().nonnegative();
const lineSchema = (longest: number) => z.string().max(longest).transform(toSingleLine);
/** Ids of ours, and nothing a database would stumble over. */
const idSchema = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

const vouchedSchema = z.object({
  subject: lineSchema(200).pipe(z.string().min(1, 'must name the user')),
  name: lineSchema(200).default(''),
  email: lineSchema(320).nullable().default(null),
  phone: lineSchema(40).nullable().default(null),
});

/**
 * What chat gateway and shops' backends hand in: news of one visitor. The gateway writes it into the inbox, a backend posts
 * it, signed; the web-chat connector reads both. Each event is read by itself (`chatEventSchema`): one that a later version
 * knows must not spoil the others.
 */
export const chatRequestSchema = z.object({
  visitor: z.string().regex(/^[A-Za-z0-9._:@-]{1,100}$/, 'must be 1 to 100 letters, digits, ".", "_", ":", "@" or "-"'),
  vouched: vouchedSchema.nullish(),
  language: z.enum(chatLanguages).nullish(),
  page: lineSchema(2_000).nullish(),
  events: z
    .array(z.looseObject({ type: z.string().min(1).max(40) }))
    .min(1)
    .max(50),
});
export type ChatRequest = z.infer<typeof chatRequestSchema>;

export const chatEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('message'),
    id: clientIdSchema,
    text: z.string().max(100_000).transform(toBodyText).default(''),
    attachmentIds: z.array(idSchema).max(20).default([]),
    at: instantSchema.optional(),
  }),
  /** A field left out stays as it was. */
  z.object({
    type: z.literal('profile'),
    name: lineSchema(200).optional(),
    email: lineSchema(320).optional(),
    phone: lineSchema(40).optional(),
    at: instantSchema.optional(),
  }),
  z.object({
    type: z.literal('receipt'),
    delivered: z.array(idSchema).max(200).default([]),
    read: z.array(idSchema).max(200).default([]),
    at: instantSchema.optional(),
  }),
  z.object({
    type: z.literal('rating'),
    conversationId: idSchema,
    score: z.number().int().min(1).max(5),
    comment: z.string().max(2_000).transform(cleanText).default(''),
    at: instantSchema.optional(),
  }),
]);
export type ChatEvent = z.input<typeof chatEventSchema>;

export function isChatEventType(type: string): boolean {
  return chatEventSchema.options.some((option) => option.shape.type.value === type);
}

/** What ingest needs to know of a request: everything of a visitor keeps its order, and a message is known by its id. */
export function describeChatRequest(request: ChatRequest, body: Buffer): VerifiedFacts {
  const [first] = request.events;
  const messageId = request.events.length === 1 && first?.type === 'message' ? String(first.id) : null;
  const dedupeKey =
    messageId !== null && clientIdSchema.safeParse(messageId).success
      ? `message:${request.visitor}/${messageId}`
      : `request:${createHash('sha256').update(body).digest('base64url')}`;
  return { topic: first?.type ?? 'unknown', laneKey: request.visitor, dedupeKey };
}
