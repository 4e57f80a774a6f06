import { applyCommand, type Command, type CommandInput, commandSchema } from '@tradewind/shared/commands/registry';
import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { DirectoryEntry } from '@tradewind/shared/schemas/directory';
import type { Message } from '@tradewind/shared/schemas/message';
import type { OutboxEntry } from '../db/documents.ts';
import type { ThreadMessage } from './types.ts';

/** A command of this device that the documents do not show yet. */
export interface PendingCommand {
  entry: OutboxEntry;
  /** Its batch is on the way to the server. */
  inFlight: boolean;
}

/** One conversation as the server's documents tell it. */
export interface ConversationBase {
  conversation: Conversation | null;
  messages: ReadonlyMap<string, Message>;
  directory: ReadonlyMap<string, DirectoryEntry>;
}

/** The same conversation as the screen shows it: only what pending commands change. */
export interface ConversationOverlay {
  /** Null where there is no conversation, not even a local one. */
  conversation: Conversation | null;
  /** Messages that exist only on this device, in the order they were made. */
  local: readonly ThreadMessage[];
  /** Messages of the server whose state a pending command changes, by id. */
  changed: ReadonlyMap<string, Message>;
}

const parsed = new WeakMap<CommandInput, Command | null>();

/** A command an earlier version of the console wrote may not parse any more; then only the server can judge it. */
function parseOnce(input: CommandInput): Command | null {
  let command = parsed.get(input);
  if (command === undefined) {
    const result = commandSchema.safeParse(input);
    command = result.success ? result.data : null;
    parsed.set(input, command);
  }
  return command;
}

function findLastInbound(messages: ReadonlyMap<string, Message>): Message | null {
  let last: Message | null = null;
  for (const message of messages.values()) {
    if (message.direction !== 'in' || message.deleted) continue;
    if (!last || message.createdSeq > last.createdSeq) last = message;
  }
  return last;
}

/** `queued` until its batch leaves; once answered it stays `sending` until the server's own document is here. */
function toLocalStatus({ entry, inFlight }: PendingCommand): 'queued' | 'sending' | 'held' {
  if (entry.status === 'held') return 'held';
  return inFlight || entry.status === 'applied' ? 'sending' : 'queued';
}

/**
 * Lays pending commands over one conversation with the `apply` the server runs too (R9).
 *
 * A message the server's documents already hold is shown as they tell it: a command's effects may arrive before its
 * answer, and a message must neither double nor vanish in between.
 *
 * @param pending - the conversation's commands, in the order they will be carried out.
 * @param agentId - the author of all of them.
 */
export function overlayConversation(
  base: ConversationBase,
  pending: readonly PendingCommand[],
  agentId: string,
): ConversationOverlay {
  let conversation = base.conversation;
  const local = new Map<string, ThreadMessage>();
  const changed = new Map<string, Message>();
  const lastInbound = findLastInbound(base.messages);

  for (const command of pending) {
    const parsedCommand = parseOnce(command.entry.command);
    if (!parsedCommand) continue;
    const messageId = 'messageId' in parsedCommand ? parsedCommand.messageId : null;
    const target =
      messageId === null ? null : (changed.get(messageId) ?? local.get(messageId) ?? base.messages.get(messageId));
    const channelId = 'channelAccountId' in parsedCommand ? parsedCommand.channelAccountId : null;
    const channel = base.directory.get(channelId ?? conversation?.channelAccountId ?? '');
    const outcome = applyCommand(
      {
        conversation,
        message: target ?? null,
        lastInbound,
        attachments: [], // names and sizes come with the server's document; uploads wait for a later version
        channel: channel?.kind === 'channel' ? channel : null,
      },
      parsedCommand,
      { agentId, nowMs: parsedCommand.at ?? 0 },
    );
    if (!outcome.ok) continue;
    // A conversation this command starts is the server's as soon as the server has it.
    const startsKnown = parsedCommand.type === 'start-conversation' && base.conversation !== null;
    // A held command has done nothing yet: what it says is shown where it would stand, until its author has decided.
    const isHeld = command.entry.status === 'held';
    if (outcome.conversation && !startsKnown && !isHeld) conversation = outcome.conversation;
    if (!outcome.message) continue;
    const { message } = outcome;
    if (messageId !== null) {
      changed.set(messageId, {
        ...message,
        status: message.status === 'queued' ? toLocalStatus(command) : message.status,
      });
    } else if (!base.messages.has(message.id)) {
      local.set(message.id, { ...message, status: toLocalStatus(command), local: true });
    }
  }
  return { conversation, local: [...local.values()], changed };
}

const bySentAt = (left: Message, right: Message) => left.sentAt - right.sentAt || left.createdSeq - right.createdSeq;

const shown = new WeakMap<Message, ThreadMessage>();

/** The same object for the same document, so that a row of the thread is painted again only when it changed. */
function toThreadMessage(message: Message): ThreadMessage {
  let row = shown.get(message);
  if (!row) {
    row = { ...message, local: false };
    shown.set(message, row);
  }
  return row;
}

/** A thread in its order of display: (`sentAt`, `createdSeq`), messages of this device last. */
export function toThread(
  messages: ReadonlyMap<string, Message>,
  overlay: Pick<ConversationOverlay, 'local' | 'changed'> | undefined,
): readonly ThreadMessage[] {
  const rows = [...messages.values()]
    .filter((message) => !message.deleted)
    .sort(bySentAt)
    .map((message) => toThreadMessage(overlay?.changed.get(message.id) ?? message));
  return overlay ? [...rows, ...overlay.local.filter((message) => !messages.has(message.id))] : rows;
}
