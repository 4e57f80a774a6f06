import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler } from 'express';
import { type LabContext, LabError } from './context.ts';
import { createControlRouter } from './control/routes.ts';
import { createMailgunRouter } from './mailgun/routes.ts';
import { MailgunSimulator } from './mailgun/simulator.ts';
import { Timers } from './outgoing/timers.ts';
import { type Delivery, WebhookPoster } from './outgoing/webhook-poster.ts';
import { createPage } from './page/page.ts';
import { createShopRouter } from './shop/routes.ts';
import { createShopifyRouter } from './shopify/routes.ts';
import { ShopifySimulator } from './shopify/simulator.ts';
import { WebChatSimulator } from './web-chat/simulator.ts';

export interface FaultLabOptions {
  /** 0 = a free one. */
  port?: number;
  /** Loopback only: the lab believes whoever reaches it. */
  host?: '127.0.0.1';
  /** Epoch milliseconds; signatures and dates are made with it. */
  clock?: () => number;
  /** A number in [0, 1); tokens and ids are made from it. */
  random?: () => number;
}

export interface FaultLab {
  /** `http://127.0.0.1:<port>`; the platforms' addresses are `<url>/mailgun` and `<url>/shopify`. */
  url: string;
  mailgun: MailgunSimulator;
  shopify: ShopifySimulator;
  webChat: WebChatSimulator;
  /** The last 500 webhooks posted, oldest first. */
  deliveries: readonly Delivery[];
  /** Resolves when every webhook, with its retries, has come to an end. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

// A page of another site must not reach the lab by a name of its own that resolves to 127.0.0.1.
const OWN_HOST = /^(127\.0\.0\.1|localhost)(:\d+)?$/;

const handleError: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error);
  if (error instanceof LabError) response.status(422).json({ error: error.message });
  else if (error instanceof Error && 'status' in error && typeof error.status === 'number') {
    response.status(error.status).json({ error: error.message });
  } else response.status(500).json({ error: error instanceof Error ? error.message : String(error) });
};

function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });
}

/**
 * Starts the simulators on one port of this machine: `/mailgun`, `/shopify`, visitors of the website chat, the shop's pages
 * at `/shop`, the control API `/lab`, and a page at `/`.
 */
export async function startFaultLab(options: FaultLabOptions = {}): Promise<FaultLab> {
  const { clock = Date.now, random = Math.random, host = '127.0.0.1' } = options;
  const timers = new Timers();
  const poster = new WebhookPoster(timers, clock);
  let url = '';
  const context: LabContext = { clock, random, timers, poster, url: () => url };
  const mailgun = new MailgunSimulator(context);
  const shopify = new ShopifySimulator(context);
  const webChat = new WebChatSimulator(context);

  const app = express();
  app.disable('x-powered-by');
  app.use((request, response, next) => {
    if (OWN_HOST.test(request.headers.host ?? '')) next();
    else response.status(403).json({ error: 'the lab answers only to 127.0.0.1 and localhost' });
  });
  app.use('/mailgun', createMailgunRouter(mailgun, context));
  app.use('/shopify', createShopifyRouter(shopify));
  app.use('/lab', createControlRouter({ mailgun, shopify, webChat, poster }));
  app.use('/shop', createShopRouter({ shopify, webChat, clock }));
  const page = createPage();
  app.get('/', (_request, response) => void response.set(page.headers).send(page.html));
  app.use((_request, response) => void response.status(404).json({ error: 'there is nothing at this address' }));
  app.use(handleError);

  const server = createServer(app);
  const address = await listen(server, options.port ?? 0, host);
  url = `http://${host}:${address.port}`;
  return {
    url,
    mailgun,
    shopify,
    webChat,
    deliveries: poster.deliveries,
    idle: () => poster.idle(),
    close: () => {
      webChat.close();
      timers.close();
      poster.close();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
