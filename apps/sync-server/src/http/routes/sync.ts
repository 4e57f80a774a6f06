import { type Digest, digestSchema, MAX_CHANGES_PER_PAGE, snapshotPartSchema } from '@tradewind/shared/protocol/sync';
import { z } from 'zod';
import { scopesOf } from '../../auth/scopes.ts';
import type { AuthSession } from '../../auth/session.ts';
import type { PageRequest, Reader } from '../../replication/changes-page.ts';
import type { SnapshotRequest } from '../../replication/snapshot-page.ts';
import { defineRoute, type Route } from '../route.ts';

export interface SyncRouteDeps {
  /** The JSON text of a ChangesPage. */
  readChanges(reader: Reader, request: PageRequest): Promise<string>;
  /** The JSON text of a SnapshotPage. */
  readSnapshot(reader: Reader, request: SnapshotRequest): Promise<string>;
  readDigest(reader: Reader, request: { checkpoint: string; accessVersion: number | null }): Promise<Digest>;
}

const wholeNumber = (limit: number) =>
  z
    .string('must be given once')
    .regex(/^\d{1,6}$/, `must be a whole number from 1 to ${limit}`)
    .transform(Number)
    .refine((value) => value >= 1 && value <= limit, `must be a whole number from 1 to ${limit}`);

const accessVersionField = z
  .string('must be given once')
  .regex(/^\d{1,9}$/, 'must be a whole number')
  .transform(Number)
  .optional();
const checkpointField = z.string('must be given once').max(1_000);

const changesQuery = z.strictObject({
  checkpoint: checkpointField.optional(),
  limit: wholeNumber(MAX_CHANGES_PER_PAGE).default(1_000),
  accessVersion: accessVersionField,
});

const snapshotQuery = z.strictObject({
  part: snapshotPartSchema,
  cursor: z.string('must be given once').max(2_000).optional(),
  limit: wholeNumber(MAX_CHANGES_PER_PAGE).default(1_000),
  accessVersion: accessVersionField,
});

const digestQuery = z.strictObject({ checkpoint: checkpointField, accessVersion: accessVersionField });

function toReader({ agent }: AuthSession): Reader {
  return { scopes: scopesOf(agent), accessVersion: agent.accessVersion, agentId: agent.id };
}

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
        const request = {
          checkpoint: query.checkpoint ?? null,
          limit: query.limit,
          accessVersion: query.accessVersion ?? null,
        };
        response.type('application/json').send(await deps.readChanges(toReader(session), request));
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/sync/snapshot',
      summary: 'A part of what you may see, page by page, each document with its own place in the log.',
      access: 'agent',
      query: snapshotQuery,
      status: 200,
      handle: async ({ query, session, response }) => {
        const { part, limit, cursor = null, accessVersion = null } = query;
        const request = { part, limit, cursor, accessVersion };
        response.type('application/json').send(await deps.readSnapshot(toReader(session), request));
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/sync/digest',
      summary: 'Hashes of what a console at this checkpoint holds, to find what is damaged.',
      access: 'agent',
      query: digestQuery,
      response: digestSchema,
      handle: ({ query: { checkpoint, accessVersion = null }, session }) =>
        deps.readDigest(toReader(session), { checkpoint, accessVersion }),
    }),
  ];
}
