import { z } from 'zod';
import type { Db } from '../../db/database.ts';
import { listAudit } from '../../db/queries/audit.ts';
import { filterText, pageFields, pageOf, toPageRequest } from '../fields.ts';
import { defineRoute, type Route } from '../route.ts';

const fieldsSchema = z.record(z.string(), z.unknown()).nullable();
const auditSchema = z.object({
  id: z.number(),
  at: z.number(),
  actor: z.string(),
  action: z.string(),
  target: z.string(),
  before: fieldsSchema,
  after: fieldsSchema,
});

export function createAuditRoutes(db: Db): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/audit',
      summary: 'Who changed what, newest first',
      access: 'admin',
      query: z.strictObject({ ...pageFields(), actor: filterText, action: filterText, target: filterText }),
      response: pageOf(auditSchema),
      handle: ({ query: { limit, order, cursor, ...filter } }) =>
        listAudit(db, filter, toPageRequest({ limit, order, cursor })),
    }),
  ];
}
