import type { Message } from '@tradewind/shared/schemas/message';
import { type SqlBool, sql } from 'kysely';
import type { Scopes } from '../../auth/scopes.ts';
import type { Db } from '../database.ts';
import { listDocuments, toConditions } from './documents.ts';
import type { Page, PageRequest } from './page.ts';

export interface MessageFilter {
  externalId?: string | undefined;
  channelAccountId?: string | undefined;
  conversationId?: string | undefined;
}

/** In the order of display: (`sentAt`, `createdSeq`). */
export function listMessages(db: Db, reader: Scopes, filter: MessageFilter, page: PageRequest): Promise<Page<Message>> {
  return listDocuments<Message>(db, reader, page, {
    collection: 'message',
    name: 'messages',
    filters: filter,
    keys: [
      { column: 'item.sent_at', type: 'number' },
      { column: 'log.created_seq', type: 'number' },
    ],
    conditions: toConditions(filter, {
      // Message-Ids are stored with their angle brackets, and people leave them out.
      externalId: (value) => sql<SqlBool>`item.external_id in (${value}, ${`<${value}>`})`,
      channelAccountId: (value) => sql<SqlBool>`item.channel_account_id = ${value}`,
      conversationId: (value) => sql<SqlBool>`item.conversation_id = ${value}`,
    }),
  });
}
