import { AppError } from '@tradewind/shared/protocol/errors';
import type { Conversation } from '@tradewind/shared/schemas/conversation';
import { conversationSchema, conversationStatuses } from '@tradewind/shared/schemas/conversation';
import { type Message, messageSchema } from '@tradewind/shared/schemas/message';
import { z } from 'zod';
import { scopesOf } from '../../auth/scopes.ts';
import type { Db } from '../../db/database.ts';
import { countConversations, listConversations } from '../../db/queries/conversations.ts';
import { findDocument } from '../../db/queries/documents.ts';
import { listMessages } from '../../db/queries/messages.ts';
import { filterInstant, filterOneOf, filterText, idParams, pageFields, pageOf, toPageRequest } from '../fields.ts';
import { defineRoute, type Route } from '../route.ts';

const countsSchema = z.object({
  byStatus: z.object({ pending: z.number(), open: z.number(), snoozed: z.number(), resolved: z.number() }),
  mine: z.number().meta({ description: 'Unresolved and assigned to you.' }),
  unassigned: z.number().meta({ description: 'Unresolved and assigned to nobody.' }),
});

const conversationQuery = z.strictObject({
  ...pageFields(),
  status: filterOneOf(conversationStatuses),
  assigneeId: filterText,
  teamId: filterText,
  channelAccountId: filterText,
  customerId: filterText,
  tag: filterText,
  q: filterText,
  updatedAfter: filterInstant,
});

const messageQuery = z.strictObject({
  ...pageFields(),
  externalId: filterText,
  channelAccountId: filterText,
  conversationId: filterText,
});

export function createConversationRoutes(db: Db): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/conversations',
      summary: 'Conversations, by time of the last message',
      access: 'agent',
      query: conversationQuery,
      response: pageOf(conversationSchema),
      handle: ({ query: { limit, order, cursor, ...filter }, session }) =>
        listConversations(db, scopesOf(session.agent), filter, toPageRequest({ limit, order, cursor })),
    }),
    defineRoute({
      method: 'get',
      path: '/api/conversations/{id}',
      summary: 'One conversation',
      access: 'agent',
      params: idParams,
      response: conversationSchema,
      handle: async ({ params, session }) => {
        const found = await findDocument<Conversation>(db, scopesOf(session.agent), 'conversation', params.id);
        return found ?? refuseUnknown('conversation');
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/conversations/{id}/messages',
      summary: 'The thread of a conversation, oldest first unless asked otherwise',
      access: 'agent',
      params: idParams,
      query: z.strictObject(pageFields('asc')),
      response: pageOf(messageSchema),
      handle: async ({ params, query, session }) => {
        const scopes = scopesOf(session.agent);
        const found = await findDocument<Conversation>(db, scopes, 'conversation', params.id);
        if (!found) refuseUnknown('conversation');
        return listMessages(db, scopes, { conversationId: params.id }, toPageRequest(query));
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/messages',
      summary: 'Messages of all conversations, newest first unless asked otherwise',
      access: 'agent',
      query: messageQuery,
      response: pageOf(messageSchema),
      handle: ({ query: { limit, order, cursor, ...filter }, session }) =>
        listMessages(db, scopesOf(session.agent), filter, toPageRequest({ limit, order, cursor })),
    }),
    defineRoute({
      method: 'get',
      path: '/api/messages/{id}',
      summary: 'One message',
      access: 'agent',
      params: idParams,
      response: messageSchema,
      handle: async ({ params, session }) => {
        const found = await findDocument<Message>(db, scopesOf(session.agent), 'message', params.id);
        return found ?? refuseUnknown('message');
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/counts',
      summary: 'Numbers of conversations you may see',
      access: 'agent',
      response: countsSchema,
      handle: ({ session }) => countConversations(db, scopesOf(session.agent), session.agent.id),
    }),
  ];
}

function refuseUnknown(what: string): never {
  throw new AppError('not-found', `There is no such ${what}.`);
}
