import type { ApplyOutcome, CommandView } from '../commands/definition.ts';
import { applyCommand, type CommandInput, commandSchema } from '../commands/registry.ts';
import type { Conversation } from '../schemas/conversation.ts';
import type { Message } from '../schemas/message.ts';
import { buildChannel, buildConversation, TEST_NOW } from './builders.ts';
import { deepFreeze } from './freeze.ts';

/** When commands of tests are carried out: a minute after what they are about. */
export const APPLIED_AT = TEST_NOW + 60_000;
export const COMMAND_ID = '019b8d6e-0000-7000-8000-000000000001';

type Distribute<T> = T extends unknown ? Omit<T, 'id'> : never;

/** Parses the command as the server does, and applies it for agent-1 to a view that must not be changed. */
export function applyInput(input: Distribute<CommandInput>, view: Partial<CommandView> = {}): ApplyOutcome {
  const whole: CommandView = {
    conversation: buildConversation(),
    message: null,
    lastInbound: null,
    attachments: [],
    channel: buildChannel(),
    ...view,
  };
  const command = commandSchema.parse({ id: COMMAND_ID, ...input });
  return applyCommand(deepFreeze(whole), deepFreeze(command), { agentId: 'agent-1', nowMs: APPLIED_AT });
}

/** @throws Error when the outcome is a rejection or has no conversation. */
export function conversationOf(outcome: ApplyOutcome): Conversation {
  if (!outcome.ok || !outcome.conversation) throw new Error(`no conversation in ${JSON.stringify(outcome)}`);
  return outcome.conversation;
}

/** @throws Error when the outcome is a rejection or has no message. */
export function messageOf(outcome: ApplyOutcome): Message {
  if (!outcome.ok || !outcome.message) throw new Error(`no message in ${JSON.stringify(outcome)}`);
  return outcome.message;
}
