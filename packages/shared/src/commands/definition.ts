import { z } from 'zod';
import type { CommandReason } from '../protocol/commands.ts';
import type { Conversation } from '../schemas/conversation.ts';
import type { Address, Attachment, Message } from '../schemas/message.ts';
import type { Personal } from '../schemas/personal.ts';

/** Fields every command has. The id is made by the caller; sending a command again under its id is always safe (R8). */
export const envelopeSchema = z.object({
  id: z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, 'must be 8 to 64 letters, digits, "-" or "_" (a UUIDv7)'),
  /** When the agent acted, epoch milliseconds; the server's time is taken where it is missing. */
  at: z.number().int().nonnegative().optional(),
  /** Earlier commands without which this one makes no sense. */
  after: z.array(z.string()).max(50).optional(),
  /** The held command of the same author that this one carries out after all. */
  confirms: z.string().max(64).optional(),
  /** After a restore from a backup: what the console saw become of a command the restored desk does not know. */
  restored: z
    .object({ status: z.enum(['applied', 'sent']), externalId: z.string().max(1_000).nullable().optional() })
    .optional(),
});

/** Everything `apply` may read. The server loads it under lock, the console takes it from replica and overlay. */
export interface CommandView {
  conversation: Conversation | null;
  /** The message the command names, if it names one. */
  message: Message | null;
  /** Newest message from the customer in the conversation: whom a reply answers. */
  lastInbound: Message | null;
  /** Attachments named by `attachmentIds`; the server checks that they exist. */
  attachments: Attachment[];
  /** The channel account of the conversation or, for a new one, of the command. */
  channel: { id: string; channelKind: string; address: string; name: string } | null;
  /** The document of the agent's own that the command names, if it names one. */
  personal?: Personal | null;
}

export interface ApplyContext {
  agentId: string;
  nowMs: number;
}

/**
 * The documents after the command, whole; what is absent did not change. `contact` asks the server to find or make the
 * customer with this address: identities are the server's business (design: Identity).
 */
export type ApplyOutcome =
  | { ok: true; conversation?: Conversation; message?: Message; contact?: Address; personal?: Personal | 'removed' }
  | { ok: false; reason: CommandReason };

export interface CommandDefinition<TType extends string, TSchema extends z.ZodType> {
  type: TType;
  schema: TSchema;
  /** Pure: same inputs, same documents, on the console and on the server (R9). */
  apply(view: CommandView, command: z.infer<TSchema>, context: ApplyContext): ApplyOutcome;
}

export function defineCommand<TType extends string, TSchema extends z.ZodType>(
  definition: CommandDefinition<TType, TSchema>,
): CommandDefinition<TType, TSchema> {
  return definition;
}

export const notFoundConversation: ApplyOutcome = { ok: false, reason: { kind: 'not-found', what: 'conversation' } };

// A mail may have millions of lines; nobody looks for its beginning further down.
const LONGEST_BEGINNING = 20_000;

/** How the message begins, in one line, for the conversation list: the greeting alone would say nothing. What it quotes is left out. */
export function toPreview(text: string): string {
  const lines = text
    .slice(0, LONGEST_BEGINNING)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const isQuoted = (line: string) => line.startsWith('>');
  const start = lines.findIndex((line) => !isQuoted(line));
  const quoteAt = lines.findIndex((line, index) => index > start && isQuoted(line));
  const own = start < 0 ? [] : lines.slice(start, quoteAt < 0 ? undefined : quoteAt);
  // “On Monday Mei wrote:” belongs to the quotation below it.
  if (quoteAt > 0 && own.length > 1 && /[:：]$/.test(own.at(-1) ?? '')) own.pop();
  return [...own.slice(0, 140).join(' ')].slice(0, 140).join('');
}

/** A message made by a command: it has the command's id, and its author is the agent. */
export function toOwnMessage(
  fields: Pick<Message, 'id' | 'conversationId' | 'channelAccountId' | 'kind' | 'text' | 'status'> & Partial<Message>,
  context: ApplyContext,
): Message {
  return {
    direction: 'out',
    urgency: 'normal',
    authorType: 'agent',
    authorId: context.agentId,
    from: null,
    to: [],
    cc: [],
    bcc: [],
    replyToAddresses: [],
    subject: '',
    html: null,
    attachments: [],
    mentions: [],
    failure: null,
    externalId: null,
    references: [],
    replyTo: null,
    sentAt: context.nowMs,
    receivedAt: context.nowMs,
    createdSeq: 0,
    deleted: false,
    edits: [],
    ...fields,
  };
}

const LONGEST_TEXT = 500_000;
/** Text an agent typed. U+0000 is dropped: databases refuse it and nobody means it. */
export const bodyTextSchema = z
  .string()
  .max(LONGEST_TEXT, `must be at most ${LONGEST_TEXT} characters`)
  .transform((text) => text.replaceAll('\u0000', ''))
  .refine((text) => text.trim() !== '', 'must not be empty');

/** One mail address as agents type it. Line breaks are refused: they would end the header. */
export const mailAddressSchema = z
  .string()
  .trim()
  .max(320)
  .regex(/^[^\s@<>,;"]+@[^\s@<>,;"]+$/, 'must be a mail address such as name@example.com');

/** An address in a command: plain text or `{name, address}`. */
export const recipientSchema = z.union(
  [
    mailAddressSchema.transform((address): Address => ({ name: '', address })),
    z.object({
      name: z
        .string()
        .max(200)
        .regex(/^[^\r\n]*$/, 'must be one line')
        .default(''),
      address: mailAddressSchema,
    }),
  ],
  'must be a mail address such as name@example.com, or {name, address}',
);
