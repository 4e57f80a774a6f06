import { AppError } from '@tradewind/shared/protocol/errors';
import { z } from 'zod';
import type { SessionStore } from '../../auth/session-store.ts';
import { filterText, idParams } from '../fields.ts';
import { defineRoute, type Route } from '../route.ts';

const sessionSchema = z.object({
  id: z.string(),
  agentId: z.string(),
  userAgent: z.string().meta({ description: 'What the browser or app called itself.' }),
  address: z.string(),
  createdAt: z.number(),
  lastSeenAt: z.number().meta({ description: 'Exact to a minute.' }),
  expiresAt: z.number(),
  current: z.boolean().meta({ description: 'The session of this very request.' }),
});

/** Where an agent is logged in, and the end of it. */
export function createSessionRoutes(sessions: SessionStore): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/sessions',
      summary: 'Own sessions; an admin may ask for those of any agent',
      access: 'agent',
      query: z.strictObject({ agentId: filterText }),
      response: z.object({ items: z.array(sessionSchema), nextCursor: z.null() }),
      handle: async ({ query, session }) => {
        const agentId = query.agentId ?? session.agent.id;
        if (agentId !== session.agent.id && session.agent.role !== 'admin') {
          throw new AppError('forbidden', 'Only an admin may see the sessions of others.');
        }
        const rows = await sessions.list(agentId);
        return { items: rows.map((row) => ({ ...row, current: row.id === session.sessionId })), nextCursor: null };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/sessions',
      summary: 'End all own sessions but this one',
      access: 'agent',
      response: z.object({ revoked: z.number() }),
      handle: async ({ session: { agent, sessionId } }) => {
        return { revoked: await sessions.endOthers(agent.id, sessionId, `agent:${agent.id}`) };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/sessions/{id}',
      summary: 'End a session: an own one, or as an admin anybody’s',
      access: 'agent',
      params: idParams,
      status: 204,
      handle: async ({ params, session: { agent } }) => {
        const owner = agent.role === 'admin' ? null : agent.id;
        const ended = await sessions.end(params.id, owner, `agent:${agent.id}`, 'session.revoke');
        if (!ended) throw new AppError('not-found', 'There is no such session.');
      },
    }),
  ];
}
