import { type SqlBool, sql } from 'kysely';
import type { Db } from '../database.ts';
import { toConditions } from './documents.ts';
import { type Page, type PageRequest, readPage } from './page.ts';

export interface AuditRow {
  id: number;
  at: number;
  actor: string;
  action: string;
  target: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

export interface AuditFilter {
  actor?: string | undefined;
  action?: string | undefined;
  target?: string | undefined;
}

export function listAudit(db: Db, filter: AuditFilter, page: PageRequest): Promise<Page<AuditRow>> {
  return readPage<AuditRow>(db, page, {
    name: 'audit',
    filters: filter,
    keys: [{ column: 'audit.id', type: 'number' }],
    select: sql`audit.id, audit.at, audit.actor, audit.action, audit.target, audit.before, audit.after`,
    from: sql`audit`,
    conditions: toConditions(filter, {
      actor: (value) => sql<SqlBool>`audit.actor = ${value}`,
      action: (value) => sql<SqlBool>`audit.action = ${value}`,
      target: (value) => sql<SqlBool>`audit.target = ${value}`,
    }),
  });
}
