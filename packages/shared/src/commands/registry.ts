import { z } from 'zod';
import { assign } from './assign.ts';
import type { ApplyContext, ApplyOutcome, CommandView } from './definition.ts';
import { retryMessage, settleMessage } from './delivery.ts';
import { discard } from './discard.ts';
import { note } from './note.ts';
import { removePersonal, setPersonal } from './personal.ts';
import { reply } from './reply.ts';
import { setStatus } from './set-status.ts';
import { startConversation } from './start-conversation.ts';
import { tag } from './tag.ts';

/** The one list of commands: adding one means a file and a line here. */
export const commandDefinitions = {
  reply,
  note,
  'set-status': setStatus,
  assign,
  tag,
  'start-conversation': startConversation,
  'retry-message': retryMessage,
  'settle-message': settleMessage,
  discard,
  'set-personal': setPersonal,
  'remove-personal': removePersonal,
} as const;
export type CommandType = keyof typeof commandDefinitions;

export const commandSchema = z.discriminatedUnion('type', [
  reply.schema,
  note.schema,
  setStatus.schema,
  assign.schema,
  tag.schema,
  startConversation.schema,
  retryMessage.schema,
  settleMessage.schema,
  discard.schema,
  setPersonal.schema,
  removePersonal.schema,
]);
/** A command after parsing; what callers hand in is `CommandInput`. */
export type Command = z.output<typeof commandSchema>;
export type CommandInput = z.input<typeof commandSchema>;
export type CommandOf<TType extends CommandType> = Extract<Command, { type: TType }>;

export function isCommandType(type: unknown): type is CommandType {
  return typeof type === 'string' && Object.hasOwn(commandDefinitions, type);
}

/** Runs the command's pure `apply`; the console does so for its overlay, the server for good (R9). */
export function applyCommand(view: CommandView, command: Command, context: ApplyContext): ApplyOutcome {
  // The union of definitions cannot be called with the union of commands; the discriminant guarantees the pairing.
  const definition = commandDefinitions[command.type] as {
    apply(view: CommandView, command: Command, context: ApplyContext): ApplyOutcome;
  };
  return definition.apply(view, command, context);
}

export type PersonalCommand = CommandOf<'set-personal' | 'remove-personal'>;

/** Whether it is about what is the agent's own, which no conversation shows. */
export function isPersonalCommand(command: Command): command is PersonalCommand {
  return command.type === 'set-personal' || command.type === 'remove-personal';
}

/** What a command touches: commands that name the same document keep their order. */
export function commandTarget(command: Command): { conversationId: string | null; messageId: string | null } {
  if (command.type === 'start-conversation') return { conversationId: command.id, messageId: null };
  if ('messageId' in command) return { conversationId: null, messageId: command.messageId };
  // What it gives up is a command; only the server knows which conversation that was about.
  if (command.type === 'discard' || isPersonalCommand(command)) return { conversationId: null, messageId: null };
  return { conversationId: command.conversationId, messageId: null };
}
