import { isIP } from 'node:net';
import { AppError } from '@tradewind/shared/protocol/errors';
import { type Request, type RequestHandler, Router } from 'express';
import type { SessionStore } from '../auth/session-store.ts';
import type { Metrics } from '../observability/metrics.ts';
import { authenticate } from './authenticate.ts';

export interface OperationsDeps {
  metrics: Metrics;
  sessions: SessionStore;
  /** Null when ready to work, else why not. */
  findUnreadiness: () => Promise<string | null>;
  readProgress: () => Promise<{ backlog: number; changeLogHead: number }>;
}

/** What a gauge says when its number cannot be read: no number, rather than an old one. */
const UNKNOWN = { backlog: Number.NaN, changeLogHead: Number.NaN };

/** What load balancers and monitoring ask. */
export function createOperations({ metrics, sessions, findUnreadiness, readProgress }: OperationsDeps): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.locals.route = '/healthz';
    response.json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    response.locals.route = '/readyz';
    const reason = await findUnreadiness();
    response
      .status(reason === null ? 200 : 503)
      .json(reason === null ? { status: 'ready' } : { status: 'not ready', reason });
  });
  router.get('/metrics', async (request, response) => {
    response.locals.route = '/metrics';
    if (!isFromThisMachine(request)) await assertAdmin(request, sessions);
    // Metrics are wanted most when the database is away.
    const { backlog, changeLogHead } = await readProgress().catch(() => UNKNOWN);
    metrics.backlog.set(backlog);
    metrics.changeLogHead.set(changeLogHead);
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  return router;
}

/** The connection itself, not what a header says; behind a proxy on this machine everybody would look local. */
function isFromThisMachine(request: Request): boolean {
  const peer = request.socket.remoteAddress ?? '';
  const isLoopback =
    peer === '::1' || (isIP(peer.replace(/^::ffff:/, '')) === 4 && peer.replace(/^::ffff:/, '').startsWith('127.'));
  return isLoopback && request.headers['x-forwarded-for'] === undefined && request.headers.forwarded === undefined;
}

async function assertAdmin(request: Request, sessions: SessionStore): Promise<void> {
  const { agent } = await authenticate(request, sessions);
  if (agent.role !== 'admin') throw new AppError('forbidden', 'Metrics are for admins and for this machine.');
}

/** Measures every answer by route; addresses themselves would make a series each. */
export function measureRequests(metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    response.on('finish', () => {
      const route = typeof response.locals.route === 'string' ? response.locals.route : 'other';
      const labels = { method: request.method, route, status: String(response.statusCode) };
      metrics.httpDuration.observe(labels, (performance.now() - startedAt) / 1_000);
    });
    next();
  };
}
