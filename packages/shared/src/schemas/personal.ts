import { z } from 'zod';

/**
 * What is one agent's own and follows him to all his devices: it comes down to him alone, and nothing of it lives in a
 * document that others see.
 */

const id = z.string().min(1).max(100);
const text = z.string().max(100_000, 'must be at most 100000 characters');
/** Made by the console, for things of which an agent has several. */
const key = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'must be 1 to 40 letters, digits, "-" or "_"');
/** What only consoles read; the server keeps it as it is. */
const settings = z.record(z.string().max(100), z.json());

export const draftModes = ['reply', 'note'] as const;

/** One thing as a console sets it. */
export const personalItemSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('draft'),
    conversationId: id,
    mode: z.enum(draftModes),
    text,
    /** `version` of the draft that was changed, 0 where there was none: tells whether another device wrote meanwhile. */
    base: z.number().int().nonnegative(),
    /** The agent has seen what another device had written, and needs it no more. */
    dropOther: z.boolean().optional(),
  }),
  /** The newest message of the customer that this agent has had on screen. It never goes back. */
  z.object({ kind: z.literal('read'), conversationId: id, messageId: id }),
  /** A favourite: one message, or the whole conversation. */
  z.object({ kind: z.literal('star'), conversationId: id, messageId: id.nullable() }),
  z.object({
    kind: z.literal('reminder'),
    key,
    conversationId: id.nullable(),
    at: z.number().int().positive(),
    note: z.string().max(1_000),
    rule: settings.optional(),
  }),
  z.object({ kind: z.literal('view'), key, name: z.string().min(1).max(100), filter: settings, position: z.number() }),
  z.object({ kind: z.literal('rule'), key, name: z.string().min(1).max(100), rule: settings }),
  z.object({
    kind: z.literal('signature'),
    key,
    /** Null: for every account that has none of its own. */
    channelAccountId: id.nullable(),
    text,
    html: z.string().max(200_000).nullable(),
  }),
]);
export type PersonalItem = z.infer<typeof personalItemSchema>;

const documentFields = {
  id: z.string(),
  agentId: z.string(),
  /** Grows with every change, and never comes again, also not after the document was removed and made anew. */
  version: z.number(),
  updatedAt: z.number(),
  createdSeq: z.number(),
};

const [draft, read, ...others] = personalItemSchema.options;
const [star, reminder, view, rule, signature] = others;

export const personalSchema = z.discriminatedUnion('kind', [
  draft.omit({ base: true, dropOther: true }).extend({
    ...documentFields,
    /** What another device had written, when two wrote without knowing of each other: kept until the agent chooses. */
    other: z.object({ text: z.string(), at: z.number() }).nullable(),
  }),
  read.extend({ ...documentFields, /** `createdSeq` of that message. */ upToSeq: z.number() }),
  star.extend(documentFields),
  reminder.extend(documentFields),
  view.extend(documentFields),
  rule.extend(documentFields),
  signature.extend(documentFields),
]);
export type Personal = z.infer<typeof personalSchema>;
export type PersonalKind = Personal['kind'];
export type PersonalOf<TKind extends PersonalKind> = Extract<Personal, { kind: TKind }>;

/** What tells one thing of a kind from another; an agent has one draft per conversation and mode. */
function toKey(item: PersonalItem): string {
  if (item.kind === 'draft') return `${item.conversationId}:${item.mode}`;
  if (item.kind === 'read') return item.conversationId;
  if (item.kind === 'star') return item.messageId ?? item.conversationId;
  return item.key;
}

/** The id of an agent's document about this thing: the same on every device. */
export function toPersonalId(agentId: string, item: PersonalItem): string {
  return `${item.kind}:${agentId}:${toKey(item)}`;
}
