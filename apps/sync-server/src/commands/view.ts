import type { CommandView } from '@tradewind/shared/commands/definition';
import { type Command, type CommandOf, commandTarget } from '@tradewind/shared/commands/registry';
import type { CommandReason } from '@tradewind/shared/protocol/commands';
import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Message } from '@tradewind/shared/schemas/message';
import { type AuthAgent, isVisible, scopesOf } from '../auth/scopes.ts';
import type { Tx } from '../db/database.ts';
import { holdScopes } from '../db/scope-lock.ts';
import { toAccountScopes, toConversationScopes } from '../domain/scopes.ts';

/**
 * Loads and locks what a command may read and change: scopes, conversation, then message, the order processing uses too.
 * What the agent may not see does not exist for him (R15).
 */
export async function loadView(tx: Tx, command: Command, agent: AuthAgent): Promise<CommandView | CommandReason> {
  await holdScopes(tx);
  const target = commandTarget(command);
  const message = target.messageId === null ? null : await findMessage(tx, target.messageId);
  if (target.messageId !== null && !message) return { kind: 'not-found', what: 'message' };
  const conversationId = message?.conversationId ?? target.conversationId;
  const creates = command.type === 'start-conversation';
  const conversation = creates || conversationId === null ? null : await lockConversation(tx, conversationId);
  if (!creates && !conversation) return { kind: 'not-found', what: message ? 'message' : 'conversation' };
  const channelId = creates ? command.channelAccountId : (conversation?.channelAccountId ?? '');
  const channel = await tx
    .selectFrom('accounts')
    .select(['id', 'kind', 'name', 'address', 'team_ids', 'family'])
    .where('id', '=', channelId)
    .executeTakeFirst();
  if (channel?.family !== 'channel') return { kind: 'not-found', what: creates ? 'channel' : 'conversation' };
  const readers = conversation
    ? toConversationScopes(channel.team_ids, conversation)
    : toAccountScopes(channel.team_ids);
  if (!isVisible(readers, scopesOf(agent)))
    return { kind: 'not-found', what: creates ? 'channel' : message ? 'message' : 'conversation' };
  const attachments = command.type === 'reply' ? await findUploads(tx, command, agent.id) : [];
  if (attachments === null) return { kind: 'not-found', what: 'attachment' };
  return {
    conversation,
    message: message ? await lockMessage(tx, message.id) : null,
    lastInbound: command.type === 'reply' && conversation ? await findLastInbound(tx, conversation.id) : null,
    attachments,
    channel: { id: channel.id, channelKind: channel.kind, name: channel.name, address: channel.address },
  };
}

async function lockConversation(tx: Tx, id: string): Promise<Conversation | null> {
  const row = await tx.selectFrom('conversations').select('doc').where('id', '=', id).forUpdate().executeTakeFirst();
  return row?.doc ?? null;
}

async function findMessage(tx: Tx, id: string): Promise<Message | null> {
  const row = await tx.selectFrom('messages').select('doc').where('id', '=', id).executeTakeFirst();
  return row?.doc ?? null;
}

async function lockMessage(tx: Tx, id: string): Promise<Message | null> {
  const row = await tx.selectFrom('messages').select('doc').where('id', '=', id).forUpdate().executeTakeFirst();
  return row?.doc ?? null;
}

/** The newest by `createdSeq`, as the console sees it too (R9): clocks and receipt times do not decide what is newest. */
async function findLastInbound(tx: Tx, conversationId: string): Promise<Message | null> {
  const row = await tx
    .selectFrom('messages as m')
    .innerJoin('change_log as l', (join) => join.onRef('l.id', '=', 'm.id').on('l.collection', '=', 'message'))
    .select('m.doc')
    .where('m.conversation_id', '=', conversationId)
    .where('m.direction', '=', 'in')
    .orderBy('l.created_seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.doc ?? null;
}

/** In the order asked for; null when one of them is not the agent's own upload, or was sent in another conversation. */
async function findUploads(
  tx: Tx,
  { conversationId, attachmentIds: ids = [] }: CommandOf<'reply'>,
  agentId: string,
): Promise<Message['attachments'] | null> {
  if (ids.length === 0) return [];
  const rows = await tx
    .selectFrom('attachments')
    .select(['id', 'name', 'content_type', 'size_bytes', 'sha256'])
    .where('id', 'in', [...ids])
    .where('uploaded_by', '=', agentId)
    .where((eb) => eb('conversation_id', 'is', null).or('conversation_id', '=', conversationId))
    .orderBy('id')
    .forUpdate()
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  const found = ids.flatMap((id) => byId.get(id) ?? []);
  if (found.length !== ids.length) return null;
  return found.map((row) => ({
    id: row.id,
    name: row.name,
    contentType: row.content_type,
    sizeBytes: row.size_bytes,
    sha256: row.sha256,
  }));
}
