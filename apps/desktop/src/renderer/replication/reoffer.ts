import type { CommandInput } from '@tradewind/shared/commands/registry';
import type { Message } from '@tradewind/shared/schemas/message';
import type { RxCollection } from 'rxdb';
import type { Stored } from '../db/documents.ts';
import type { Outbox } from './outbox.ts';

/**
 * After the server was restored from a backup: offers again what this device knows to have been applied since, with what
 * became of it as far as it was seen here. The server records that and sends nothing a second time.
 *
 * Called before the restored copy replaces the one that tells what was sent.
 */
export async function reofferAfterRestore(
  outbox: Outbox,
  messages: RxCollection<Stored<Message>>,
  restoredAt: number,
): Promise<void> {
  const commands = await outbox.readApplied(restoredAt);
  const ids = commands.map(toMessageId);
  const seen = new Map((await messages.storageInstance.findDocumentsById(ids, false)).map((doc) => [doc.id, doc]));
  await outbox.offerAgain(
    commands.map((command) => ({ ...command, restored: toRestored(seen.get(toMessageId(command))) })),
  );
}

/** A message made by a command has the command's id. */
function toMessageId(command: CommandInput): string {
  return 'messageId' in command ? command.messageId : command.id;
}

const SENT: readonly Message['status'][] = ['sent', 'delivered', 'read'];

function toRestored(message: Message | undefined): NonNullable<CommandInput['restored']> {
  if (message?.direction !== 'out' || !SENT.includes(message.status)) return { status: 'applied' };
  return { status: 'sent', externalId: message.externalId };
}
