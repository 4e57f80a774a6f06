import type { Conversation, ConversationStatus } from '@tradewind/shared/schemas/conversation';
import { type SqlBool, sql } from 'kysely';
import { isVisibleSql, type Scopes } from '../../auth/scopes.ts';
import type { Db } from '../database.ts';
import { listDocuments, toConditions, toContainsPattern } from './documents.ts';
import type { Page, PageRequest } from './page.ts';

export interface ConversationFilter {
  status?: ConversationStatus | undefined;
  assigneeId?: string | undefined;
  teamId?: string | undefined;
  channelAccountId?: string | undefined;
  customerId?: string | undefined;
  tag?: string | undefined;
  /** Words to look for in subject, customer name and message text. */
  q?: string | undefined;
  /** Epoch milliseconds. */
  updatedAfter?: number | undefined;
}

/** By time of the last message. */
export function listConversations(
  db: Db,
  reader: Scopes,
  filter: ConversationFilter,
  page: PageRequest,
): Promise<Page<Conversation>> {
  return listDocuments<Conversation>(db, reader, page, {
    collection: 'conversation',
    name: 'conversations',
    filters: filter,
    keys: [
      { column: 'item.last_message_at', type: 'number' },
      { column: 'item.id', type: 'string' },
    ],
    conditions: toConditions(filter, {
      status: (value) => sql<SqlBool>`item.status = ${value}`,
      assigneeId: (value) => sql<SqlBool>`item.assignee_id = ${value}`,
      teamId: (value) => sql<SqlBool>`item.team_id = ${value}`,
      channelAccountId: (value) => sql<SqlBool>`item.channel_account_id = ${value}`,
      customerId: (value) => sql<SqlBool>`item.customer_id = ${value}`,
      tag: (value) => sql<SqlBool>`item.doc->'tags' @> jsonb_build_array(${value}::text)`,
      q: (value) => containsWords(toContainsPattern(value)),
      updatedAfter: (value) => sql<SqlBool>`item.updated_at > ${value}`,
    }),
  });
}

function containsWords(pattern: string) {
  return sql<SqlBool>`(item.doc->>'subject' ilike ${pattern}
    or exists (select 1 from customers c where c.id = item.customer_id and c.doc->>'name' ilike ${pattern})
    or exists (select 1 from messages m where m.conversation_id = item.id and m.doc->>'text' ilike ${pattern}))`;
}

export interface ConversationCounts {
  byStatus: Record<ConversationStatus, number>;
  /** Unresolved and assigned to the reader. */
  mine: number;
  /** Unresolved and assigned to nobody. */
  unassigned: number;
}

/** Counts of the conversations a reader may see. */
export async function countConversations(db: Db, reader: Scopes, agentId: string): Promise<ConversationCounts> {
  const result = await sql<{ status: ConversationStatus; total: number; mine: number; unassigned: number }>`
    select item.status, count(*) as total,
      count(*) filter (where item.assignee_id = ${agentId}) as mine,
      count(*) filter (where item.assignee_id is null) as unassigned
    from conversations as item
    join change_log as log on log.collection = 'conversation' and log.id = item.id and log.scope_left = ''
    where ${isVisibleSql(reader)} group by item.status`.execute(db);
  const rowOf = (status: ConversationStatus) => result.rows.find((row) => row.status === status);
  const unresolved = result.rows.filter((row) => row.status !== 'resolved');
  return {
    byStatus: {
      pending: rowOf('pending')?.total ?? 0,
      open: rowOf('open')?.total ?? 0,
      snoozed: rowOf('snoozed')?.total ?? 0,
      resolved: rowOf('resolved')?.total ?? 0,
    },
    mine: unresolved.reduce((sum, row) => sum + row.mine, 0),
    unassigned: unresolved.reduce((sum, row) => sum + row.unassigned, 0),
  };
}
