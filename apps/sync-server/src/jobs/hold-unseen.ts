import type { CommandDoc } from '@tradewind/shared/protocol/commands';
import type { Conversation } from '@tradewind/shared/schemas/conversation';
import { sql } from 'kysely';
import { writeAudit } from '../audit/audit.ts';
import type { Tx } from '../db/database.ts';
import { writeConversations } from '../db/documents.ts';
import { toJsonText } from '../db/json-text.ts';
import { findUnseen, findWithoutReply, type Unseen } from '../db/queries/unseen.ts';
import { runWrites } from '../db/writes.ts';
import { customersHoldBefore } from '../domain/causal-send.ts';
import { takeReplyBack } from '../domain/conversation-life.ts';
import type { ChangeEntry } from '../replication/change-log.ts';

interface Leaving {
  key: string;
  command: CommandDoc;
  conversation: Conversation;
  seenSeq: number;
  ownSeq: number;
}

/** A reply that does not leave: its author is asked first. */
interface HeldReply extends Leaving {
  unseen: Unseen;
}

/**
 * Looks a second time, as replies are about to leave, whether their authors had seen what is new (R10): a reply may have
 * waited for its undo time, for its hour, for a platform that was out, or for somebody to send it again. The rows of effects,
 * messages and conversations are locked.
 *
 * A message that may have reached the platform in an earlier attempt is not looked at: what is held has never left, so that
 * it can be taken back.
 *
 * @param keys - effects that are due.
 * @returns the effects that must not leave, closed, their commands held again, and what the change log must name.
 */
export async function holdUnseen(
  tx: Tx,
  keys: readonly string[],
  nowMs: number,
): Promise<{ held: ReadonlySet<string>; entries: ChangeEntry[] }> {
  const leaving = await findChecked(tx, keys);
  const unseen = await findUnseen(
    tx,
    leaving.map(({ key, command, conversation, seenSeq, ownSeq }) => ({
      ...{ key, seenSeq, ownSeq, conversationId: conversation.id, authorId: command.agentId },
      customersBefore: customersHoldBefore(conversation.channelKind, { ...command, seenSeq }),
    })),
  );
  const held = leaving.flatMap((one): HeldReply[] => {
    const found = unseen.get(one.key);
    return found ? [{ ...one, unseen: found }] : [];
  });
  const entries: ChangeEntry[] = [];
  for (const one of held) entries.push(...(await holdReply(tx, one, nowMs)));
  return { held: new Set(held.map(({ key }) => key)), entries };
}

/** The effects that send a reply whose author said what he had seen. */
async function findChecked(tx: Tx, keys: readonly string[]): Promise<Leaving[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<Leaving>`
    select e.key, c.doc as command, v.doc as conversation, c.seen_seq as "seenSeq", l.created_seq as "ownSeq"
    from effects e
    join commands c on c.id = e.message_id and c.seen_seq is not null
    join conversations v on v.id = e.conversation_id
    join change_log l on l.collection = 'message' and l.id = e.message_id and l.scope_left = ''
    where e.key = any(${[...keys]}::text[]) and e.kind = 'send-message'
      and not exists (
        select 1 from effects earlier
        where earlier.message_id = e.message_id and earlier.answer->>'status' in ('sent', 'unknown'))`.execute(tx);
  return rows;
}

async function holdReply(
  tx: Tx,
  { key, command, conversation, unseen }: HeldReply,
  nowMs: number,
): Promise<ChangeEntry[]> {
  await tx
    .updateTable('effects')
    .set({ state: 'failed', lease_until: null, updated_at: nowMs, answer: toJsonText({ status: 'held', ...unseen }) })
    .where('key', '=', key)
    .execute();
  const doc: CommandDoc = { ...command, status: 'held', reason: { kind: 'unseen', ...unseen } };
  await tx
    .updateTable('commands')
    .set({ status: 'held', doc: toJsonText(doc) })
    .where('id', '=', command.id)
    .execute();
  await writeAudit(tx, {
    at: nowMs,
    actor: 'server',
    action: 'message.hold',
    target: `conversation:${conversation.id}`,
    after: { commandId: command.id, messageId: command.id, unseen: unseen.count },
  });
  const left = await findWithoutReply(tx, { id: command.id, conversationId: conversation.id });
  await runWrites(tx, [writeConversations([takeReplyBack(conversation, left)], nowMs)]);
  return [
    { collection: 'conversation', id: conversation.id, scopes: null },
    { collection: 'command', id: command.id, scopes: [`agent:${command.agentId}`] },
  ];
}
