import type { Customer } from '@tradewind/shared/schemas/customer';
import { type SqlBool, sql } from 'kysely';
import type { Scopes } from '../../auth/scopes.ts';
import type { Db } from '../database.ts';
import { listDocuments, toConditions, toContainsPattern } from './documents.ts';
import type { Page, PageRequest } from './page.ts';

export interface CustomerFilter {
  email?: string | undefined;
  /** Words to look for in names, mail addresses and phone numbers. */
  q?: string | undefined;
}

/** By id, which is by time of creation. */
export function listCustomers(
  db: Db,
  reader: Scopes,
  filter: CustomerFilter,
  page: PageRequest,
): Promise<Page<Customer>> {
  return listDocuments<Customer>(db, reader, page, {
    collection: 'customer',
    name: 'customers',
    filters: filter,
    keys: [{ column: 'item.id', type: 'string' }],
    conditions: toConditions(filter, {
      email: (value) => sql<SqlBool>`item.doc->'emails' @> jsonb_build_array(${value.toLowerCase()}::text)`,
      q: (value) => {
        const pattern = toContainsPattern(value);
        return sql<SqlBool>`(item.doc->>'name' ilike ${pattern} or item.doc->>'emails' ilike ${pattern}
          or item.doc->>'phones' ilike ${pattern})`;
      },
    }),
  });
}
