import type { Order } from '@tradewind/shared/schemas/order';
import { type SqlBool, sql } from 'kysely';
import type { Scopes } from '../../auth/scopes.ts';
import type { Db } from '../database.ts';
import { listDocuments, toConditions } from './documents.ts';
import type { Page, PageRequest } from './page.ts';

export interface OrderFilter {
  storeId?: string | undefined;
  externalId?: string | undefined;
  number?: string | undefined;
  customerId?: string | undefined;
  includeDeleted?: boolean | undefined;
}

/** By time of purchase. */
export function listOrders(db: Db, reader: Scopes, filter: OrderFilter, page: PageRequest): Promise<Page<Order>> {
  return listDocuments<Order>(db, reader, page, {
    collection: 'order',
    name: 'orders',
    filters: filter,
    keys: [
      { column: 'item.placed_at', type: 'number' },
      { column: 'item.id', type: 'string' },
    ],
    conditions: toConditions(
      { ...filter, includeDeleted: filter.includeDeleted ?? false },
      {
        storeId: (value) => sql<SqlBool>`item.store_id = ${value}`,
        externalId: (value) => sql<SqlBool>`item.external_id = ${value}`,
        // A label such as `#1001`: people type it with and without the sign.
        number: (value) => sql<SqlBool>`item.number in (${value}, ${`#${value}`}, ${value.replace(/^#/, '')})`,
        customerId: (value) => sql<SqlBool>`item.customer_id = ${value}`,
        includeDeleted: (value) => (value ? sql<SqlBool>`true` : sql<SqlBool>`not item.deleted`),
      },
    ),
  });
}
