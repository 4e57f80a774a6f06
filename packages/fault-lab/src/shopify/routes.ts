import { type Request, type Response, Router } from 'express';
import type { ShopifySimulator } from './simulator.ts';
import type { ShopifyAccount } from './webhook.ts';

const LARGEST_PAGE = 250;

interface Cursor {
  updatedAtMin: string;
  newestFirst: boolean;
  offset: number;
}

function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

function decodeCursor(text: string): Cursor | null {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Cursor;
  } catch {
    return null; // the caller answers 400
  }
}

function readQuery(request: Request, name: string): string | null {
  const value = request.query[name];
  return typeof value === 'string' ? value : null;
}

/** Reading orders by REST, below `/shopify`: token, page size, `Link` header, limits. */
export function createShopifyRouter(simulator: ShopifySimulator): Router {
  const router = Router();

  const findAccount = (request: Request, response: Response): ShopifyAccount | null => {
    const token = request.headers['x-shopify-access-token'];
    const account = [...simulator.accounts.values()].find((candidate) => candidate.accessToken === token);
    if (!account) {
      response
        .status(401)
        .json({ errors: '[API] Invalid API key or access token (unrecognized login or wrong password)' });
      return null;
    }
    const fault = simulator.faults.take(['answer-429', 'answer-500', 'answer-503', 'reset-before-accept'], {});
    if (fault?.kind === 'reset-before-accept') {
      request.socket.resetAndDestroy();
      return null;
    }
    if (fault) {
      const status = Number(fault.kind.slice('answer-'.length));
      if (status === 429)
        response.set({ 'retry-after': String(fault.retryAfterSeconds ?? 1), 'x-shopify-shop-api-call-limit': '40/40' });
      response.status(status).json({
        errors:
          status === 429
            ? 'Exceeded 2 calls per second for api client. Reduce request rates to resume uninterrupted service.'
            : 'Internal Server Error',
      });
      return null;
    }
    response.set('x-shopify-shop-api-call-limit', '1/40');
    return account;
  };

  router.get('/admin/api/:version/orders.json', (request, response) => {
    const account = findAccount(request, response);
    if (!account) return;
    const pageInfo = readQuery(request, 'page_info');
    const limit = Number(readQuery(request, 'limit') ?? 50);
    const cursor =
      pageInfo === null
        ? {
            updatedAtMin: readQuery(request, 'updated_at_min') ?? '',
            newestFirst: (readQuery(request, 'order') ?? '').endsWith('desc'),
            offset: 0,
          }
        : decodeCursor(pageInfo);
    if (!cursor || !Number.isInteger(limit) || limit < 1 || limit > LARGEST_PAGE) {
      response.status(400).json({ errors: cursor ? `limit must be 1 to ${LARGEST_PAGE}` : 'page_info is not valid' });
      return;
    }
    const fromMs = cursor.updatedAtMin === '' ? 0 : Date.parse(cursor.updatedAtMin);
    const matching = simulator.orders(account.shop).filter((order) => Date.parse(order.updated_at) >= fromMs);
    if (cursor.newestFirst) matching.reverse();
    const nextOffset = cursor.offset + limit;
    if (nextOffset < matching.length) {
      const next = new URL(`${request.protocol}://${request.headers.host}${request.originalUrl.split('?')[0]}`);
      next.searchParams.set('limit', String(limit));
      next.searchParams.set('page_info', encodeCursor({ ...cursor, offset: nextOffset }));
      response.set('link', `<${next.href}>; rel="next"`);
    }
    response.json({ orders: matching.slice(cursor.offset, nextOffset) });
  });

  router.get('/admin/api/:version/orders/:file', (request, response) => {
    const account = findAccount(request, response);
    if (!account) return;
    const id = /^(\d+)\.json$/.exec(request.params.file)?.[1];
    const order = simulator.orders(account.shop).find((candidate) => String(candidate.id) === id);
    if (order) response.json({ order });
    else response.status(404).json({ errors: 'Not Found' });
  });

  return router;
}
