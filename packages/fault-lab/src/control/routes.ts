import { Router } from 'express';
import type { MailgunSimulator } from '../mailgun/simulator.ts';
import type { FaultPlan } from '../outgoing/faults.ts';
import type { WebhookPoster } from '../outgoing/webhook-poster.ts';
import type { ShopifySimulator } from '../shopify/simulator.ts';
import type { WebChatSimulator } from '../web-chat/simulator.ts';
import { handleBody } from './handle.ts';
import { createMailgunControl } from './mailgun-routes.ts';
import { faultSchema } from './schemas.ts';
import { createShopifyControl } from './shopify-routes.ts';
import { createWebChatControl } from './web-chat-routes.ts';

function createFaultControl(faults: FaultPlan): Router {
  const router = Router();
  router.get('/', (_request, response) => void response.json({ items: faults.list() }));
  router.post(
    '/',
    handleBody(faultSchema, (body) => faults.add(body)),
  );
  router.delete('/', (_request, response) => {
    faults.clear();
    response.status(204).end();
  });
  router.delete('/:id', (request, response) => {
    response.status(faults.remove(request.params.id) ? 204 : 404).end();
  });
  return router;
}

/** The control API under `/lab`: everything the page can do, for scripts. */
export function createControlRouter(parts: {
  mailgun: MailgunSimulator;
  shopify: ShopifySimulator;
  webChat: WebChatSimulator;
  poster: WebhookPoster;
}): Router {
  const router = Router();
  router.use('/mailgun/faults', createFaultControl(parts.mailgun.faults));
  router.use('/shopify/faults', createFaultControl(parts.shopify.faults));
  router.use('/web-chat/faults', createFaultControl(parts.webChat.faults));
  router.use('/mailgun', createMailgunControl(parts.mailgun));
  router.use('/shopify', createShopifyControl(parts.shopify));
  router.use('/web-chat', createWebChatControl(parts.webChat));
  router.get(
    '/deliveries',
    (_request, response) => void response.json({ items: parts.poster.deliveries.toReversed() }),
  );
  return router;
}
