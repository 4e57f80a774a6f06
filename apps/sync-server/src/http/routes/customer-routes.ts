import { AppError } from '@tradewind/shared/protocol/errors';
import { type Customer, customerSchema } from '@tradewind/shared/schemas/customer';
import { type Order, orderSchema } from '@tradewind/shared/schemas/order';
import { z } from 'zod';
import { scopesOf } from '../../auth/scopes.ts';
import type { Db } from '../../db/database.ts';
import { listCustomers } from '../../db/queries/customers.ts';
import { findDocument } from '../../db/queries/documents.ts';
import { listOrders } from '../../db/queries/orders.ts';
import { filterFlag, filterText, idParams, pageFields, pageOf, toPageRequest } from '../fields.ts';
import { defineRoute, type Route } from '../route.ts';

const customerQuery = z.strictObject({ ...pageFields(), email: filterText, q: filterText });

const orderQuery = z.strictObject({
  ...pageFields(),
  storeId: filterText,
  externalId: filterText,
  number: filterText,
  customerId: filterText,
  includeDeleted: filterFlag,
});

export function createCustomerRoutes(db: Db): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/customers',
      summary: 'Customers, by time of creation',
      access: 'agent',
      query: customerQuery,
      response: pageOf(customerSchema),
      handle: ({ query: { limit, order, cursor, ...filter }, session }) =>
        listCustomers(db, scopesOf(session.agent), filter, toPageRequest({ limit, order, cursor })),
    }),
    defineRoute({
      method: 'get',
      path: '/api/customers/{id}',
      summary: 'One customer',
      access: 'agent',
      params: idParams,
      response: customerSchema,
      handle: async ({ params, session }) => {
        const found = await findDocument<Customer>(db, scopesOf(session.agent), 'customer', params.id);
        if (!found) throw new AppError('not-found', 'There is no such customer.');
        return found;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/orders',
      summary: 'Orders, by time of purchase; deleted ones only with includeDeleted=true',
      access: 'agent',
      query: orderQuery,
      response: pageOf(orderSchema),
      handle: ({ query: { limit, order, cursor, ...filter }, session }) =>
        listOrders(db, scopesOf(session.agent), filter, toPageRequest({ limit, order, cursor })),
    }),
    defineRoute({
      method: 'get',
      path: '/api/orders/{id}',
      summary: 'One order',
      access: 'agent',
      params: idParams,
      response: orderSchema,
      handle: async ({ params, session }) => {
        const found = await findDocument<Order>(db, scopesOf(session.agent), 'order', params.id);
        if (!found) throw new AppError('not-found', 'There is no such order.');
        return found;
      },
    }),
  ];
}
