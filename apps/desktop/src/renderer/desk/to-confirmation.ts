import type { OutboxEntry } from '../db/documents.ts';
import type { CommandDraft } from './types.ts';

/**
 * The command that carries a held one out after all: the same content, as of what its author has been shown to be new. Should
 * more have come since, the server asks again (R10).
 */
export function toConfirmation({
  id: confirms,
  command,
  result,
}: Pick<OutboxEntry, 'id' | 'command' | 'result'>): CommandDraft {
  const { id: _id, at: _at, after: _after, confirms: _confirms, restored: _restored, ...content } = command;
  const reason = result?.reason;
  const newest = reason?.kind === 'unseen' ? reason.messageIds[0] : undefined;
  return { ...content, ...(newest === undefined ? {} : { seenMessageId: newest }), confirms } as CommandDraft;
}
