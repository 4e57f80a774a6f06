import { z } from 'zod';

/** Why a command was not carried out; `kind` is stable, the console words it for people in their language. */
export const commandReasonSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('invalid'), errors: z.array(z.object({ path: z.string(), message: z.string() })) }),
  z.object({
    kind: z.literal('not-found'),
    what: z.enum(['conversation', 'message', 'agent', 'team', 'channel', 'attachment', 'command']),
  }),
  z.object({ kind: z.literal('forbidden') }),
  z.object({ kind: z.literal('id-reused') }),
  z.object({ kind: z.literal('no-recipient') }),
  /** The message is not in a state this command can change. */
  z.object({ kind: z.literal('wrong-state'), status: z.string() }),
  z.object({ kind: z.literal('agent-disabled') }),
  /** A command this one names in `after` was not applied. */
  z.object({ kind: z.literal('after-failed'), commandId: z.string() }),
  /** A command this one names in `after` is held: it waits for the agent's decision there. */
  z.object({ kind: z.literal('after-held'), commandId: z.string() }),
  z.object({ kind: z.literal('too-old'), at: z.number() }),
  /** The author had not seen these newer messages (R10); `count` is of all, `messageIds` names the newest 20. */
  z.object({ kind: z.literal('unseen'), messageIds: z.array(z.string()), count: z.number() }),
  /** Its author gave it up, by the command named. */
  z.object({ kind: z.literal('discarded'), by: z.string() }),
  z.object({ kind: z.literal('unsupported'), type: z.string() }),
  /** The command met a fault of ours; the log has the id. */
  z.object({ kind: z.literal('internal'), errorId: z.string() }),
]);
export type CommandReason = z.infer<typeof commandReasonSchema>;

export const commandResultSchema = z.object({
  id: z.string(),
  status: z.enum(['applied', 'rejected', 'held']),
  /** Where in the change log the effects lie; an overlay is dropped once the checkpoint has passed it. Null if none. */
  seq: z.number().nullable(),
  messageId: z.string().optional(),
  conversationId: z.string().optional(),
  reason: commandReasonSchema.optional(),
});
export type CommandResult = z.infer<typeof commandResultSchema>;

/** A command's record as its author gets it back through replication. */
export const commandDocSchema = commandResultSchema.extend({
  type: z.string(),
  agentId: z.string(),
  at: z.number(),
  receivedAt: z.number(),
  /**
   * The command that answered this held one. The status is then `applied` (sent anyway), `rejected` (`discarded`), or still
   * `held` while the answer is held itself and asks in its place.
   */
  answeredBy: z.string().optional(),
  /** The command as it came, while it is held and not answered: its author may decide on any of his devices. */
  input: z.looseObject({}).optional(),
});
export type CommandDoc = z.infer<typeof commandDocSchema>;

export const commandsResponseSchema = z.object({ results: z.array(commandResultSchema), serverTime: z.number() });
export type CommandsResponse = z.infer<typeof commandsResponseSchema>;

/** Most commands one batch may hold. */
export const MAX_COMMANDS_PER_BATCH = 100;
/** A command made longer ago than this is held, not carried out unasked. */
export const MAX_COMMAND_AGE_MS = 30 * 86_400_000;
