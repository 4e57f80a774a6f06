import type { ApplyOutcome } from '@tradewind/shared/commands/definition';
import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Message } from '@tradewind/shared/schemas/message';
import { sql } from 'kysely';
import type { Tx } from '../db/database.ts';
import type { Write } from '../db/writes.ts';
import { sanitiseHtml } from '../mail/sanitize.ts';
import { findOrCreateCustomer } from '../processing/customers.ts';
import { UnitOfWork } from '../processing/unit-of-work.ts';
import { createWanted, identityId } from '../processing/wanted.ts';
import type { ChangeEntry } from '../replication/change-log.ts';
import type { CommandDeps } from './deps.ts';

type Applied = Extract<ApplyOutcome, { ok: true }>;

export interface PreparedDocs {
  conversation: Conversation | null;
  message: Message | null;
  /** Log entries of documents written here already. */
  entries: ChangeEntry[];
}

/**
 * Adds what only the server knows to the documents `apply` made: the id under which a message will be known outside, clean
 * HTML, whom a new mail makes part of the conversation, and the customer of a new conversation.
 */
export async function prepareOutgoing(
  deps: CommandDeps,
  tx: Tx,
  outcome: Applied,
  nowMs: number,
): Promise<PreparedDocs> {
  const channelAccountId = outcome.message?.channelAccountId ?? outcome.conversation?.channelAccountId ?? '';
  const account = deps.accounts.get(channelAccountId);
  const leaves = outcome.message?.status === 'queued';
  const message = outcome.message
    ? {
        ...outcome.message,
        html: outcome.message.html === null ? null : sanitiseHtml(outcome.message.html),
        // Fixed before the first attempt and kept on every other one: reports and answers are matched by it.
        externalId:
          outcome.message.externalId ?? (leaves && account ? account.createExternalId(outcome.message.id) : null),
      }
    : null;
  if (!outcome.conversation) return { conversation: null, message, entries: [] };
  const addressees =
    leaves && message ? [...message.to, ...message.cc, ...message.bcc].map((to) => to.address.toLowerCase()) : [];
  const conversation = {
    ...outcome.conversation,
    participants: [...new Set([...outcome.conversation.participants, ...addressees])],
  };
  if (!outcome.contact || !account) return { conversation, message, entries: [] };

  const work = new UnitOfWork(tx, { id: account.id, family: 'channel', kind: account.kind, teamIds: account.teamIds });
  const key = { kind: 'email', scope: '', value: outcome.contact.address.toLowerCase() } as const;
  const wanted = createWanted();
  wanted.identities.set(identityId(key), key);
  await work.load(wanted);
  const customer = findOrCreateCustomer(work, [key], outcome.contact.name, nowMs, deps.createId);
  const entries = await work.save(nowMs);
  return { conversation: { ...conversation, customerId: customer.id }, message, entries };
}

/** Files of a reply become the conversation's, so that whoever sees it can open them; until then they are their author's (R15). */
export function writeTakenUploads({ attachments, conversationId }: Message): Write | null {
  if (attachments.length === 0) return null;
  const statement = sql`
    update attachments set conversation_id = ${conversationId}
    where id = any(${attachments.map((one) => one.id)}::text[]) and conversation_id is null`;
  return { name: 'uploads_taken', statement };
}
