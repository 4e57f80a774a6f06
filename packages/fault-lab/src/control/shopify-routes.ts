import { type RequestHandler, Router } from 'express';
import type { z } from 'zod';
import type { Change, ShopifySimulator } from '../shopify/simulator.ts';
import { awaitDeliveries, handleBody } from './handle.ts';
import {
  cancelBodySchema,
  editBodySchema,
  orderSchema,
  payBodySchema,
  refundBodySchema,
  shipBodySchema,
  shopifyAccountSchema,
  shopifySettingsSchema,
  trackBodySchema,
} from './schemas.ts';

async function toAnswer(change: Change) {
  return { order: change.order, deliveries: await awaitDeliveries(change.postings) };
}

/** `/lab/shopify`: connect stores, place orders, change them. */
export function createShopifyControl(shopify: ShopifySimulator): Router {
  const router = Router();

  const listAccounts = () =>
    [...shopify.accounts.values()].map(({ id, shop, webhookUrl }) => ({ id, shop, webhookUrl }));
  router.get('/stores', (_request, response) => void response.json({ items: listAccounts() }));
  router.post(
    '/stores',
    handleBody(shopifyAccountSchema, (body) => ({ id: shopify.connect(body).id })),
  );

  router.get('/orders', (request, response) => {
    const { shop } = request.query;
    response.json({ items: shopify.orders(typeof shop === 'string' ? shop : undefined).toReversed() });
  });
  router.post(
    '/orders',
    handleBody(orderSchema, ({ shop, ...draft }) => toAnswer(shopify.create(draft, { shop }))),
  );

  const handleChange = <TSchema extends z.ZodType<{ shop?: string | undefined }>>(
    schema: TSchema,
    change: (orderId: number, body: z.output<TSchema>) => Change,
  ): RequestHandler[] => handleBody(schema, (body, request) => toAnswer(change(Number(request.params.id), body)));

  router.post(
    '/orders/:id/pay',
    handleChange(payBodySchema, (id, options) => shopify.pay(id, options)),
  );
  router.post(
    '/orders/:id/edit',
    handleChange(editBodySchema, (id, { shop, ...draft }) => shopify.edit(id, draft, { shop })),
  );
  router.post(
    '/orders/:id/ship',
    handleChange(shipBodySchema, (id, { shop, ...draft }) => shopify.ship(id, draft, { shop })),
  );
  router.post(
    '/orders/:id/track',
    handleChange(trackBodySchema, (id, { shop, status }) => shopify.track(id, status, { shop })),
  );
  router.post(
    '/orders/:id/refund',
    handleChange(refundBodySchema, (id, { shop, ...draft }) => shopify.refund(id, draft, { shop })),
  );
  router.post(
    '/orders/:id/cancel',
    handleChange(cancelBodySchema, (id, { shop, reason }) => shopify.cancel(id, reason, { shop })),
  );
  router.delete('/orders/:id', async (request, response) => {
    const { shop } = request.query;
    response.json(
      await toAnswer(shopify.delete(Number(request.params.id), { shop: typeof shop === 'string' ? shop : undefined })),
    );
  });

  router.get('/settings', (_request, response) => void response.json(shopify.settings));
  router.patch(
    '/settings',
    handleBody(shopifySettingsSchema, (body) => Object.assign(shopify.settings, body)),
  );
  return router;
}
