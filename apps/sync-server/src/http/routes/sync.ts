import { MAX_CHANGES_PER_PAGE } from '@tradewind/shared/protocol/sync';
import { z } from 'zod';
import { scopesOf } from '../../auth/scopes.ts';
import type { PageRequest, Reader } from '../../replication/changes-page.ts';
import { defineRoute, type Route } from '../route.ts';

export interface SyncRouteDeps {
  /** The JSON text of a ChangesPage. */
  readChanges(reader: Reader, request: PageRequest): Promise<string>;
}

const wholeNumber = (limit: number) =>
  z
    .string('must be given once')
    .regex(/^\d{1,6}$/, `must be a whole number from 1 to ${limit}`)
    .transform(Number)
    .refine((value) => value >= 1 && value <= limit, `must be a whole number from 1 to ${limit}`);

const changesQuery = z.strictObject({
  checkpoint: z.string('must be given once').max(1_000).optional(),
  limit: wholeNumber(MAX_CHANGES_PER_PAGE).default(1_000),
  accessVersion: z
    .string('must be given once')
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .optional(),
});

/** Replication over HTTP (docs/protocol.md, Change log and checkpoint). */
export function createSyncRoutes(deps: SyncRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/sync/changes',
      summary: 'Documents written after a checkpoint, in seq order; without one, from the beginning.',
      access: 'agent',
      query: changesQuery,
      status: 200,
      handle: async ({ query, session, response }) => {
        const { id: agentId, accessVersion } = session.agent;
        const reader = { agentId, scopes: scopesOf(session.agent), accessVersion };
        const request = {
          checkpoint: query.checkpoint ?? null,
          limit: query.limit,
          accessVersion: query.accessVersion ?? null,
        };
        response.type('application/json').send(await deps.readChanges(reader, request));
      },
    }),
  ];
}
