import { AppError, type FieldError } from '@tradewind/shared/protocol/errors';
import express, { type Request, type RequestHandler, Router } from 'express';
import type { z } from 'zod';
import type { SessionStore } from '../auth/session-store.ts';
import { authenticate } from './authenticate.ts';
import type { Route } from './route.ts';
import { explainText, findTooDeep, findUnstorable } from './storable.ts';

/** Largest JSON body (api.md, Limits by route). */
const JSON_BODY_BYTES = 2 * 1024 * 1024;
const parseJson = express.json({ limit: JSON_BODY_BYTES, strict: false });

/** Registers the routes, answers other methods on their paths with 405, and everything else below `/api` with 404. */
export function createRouter(routes: readonly Route[], sessions: SessionStore): Router {
  const router = Router();
  for (const route of routes) router[route.method](toExpressPath(route.path), createHandler(route, sessions));
  for (const [path, methods] of groupMethods(routes)) {
    router.all(toExpressPath(path), (request, response) => {
      response.set('Allow', methods.join(', '));
      throw new AppError('method-not-allowed', `${request.method} is not allowed here; ${methods.join(', ')} is.`);
    });
  }
  router.use('/api', () => {
    throw new AppError('not-found', 'There is no such route. The list of routes is at /api/openapi.json.');
  });
  return router;
}

function toExpressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function groupMethods(routes: readonly Route[]): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { path, method } of routes) {
    const known = methods.get(path) ?? [];
    methods.set(path, [...known, ...(method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])]);
  }
  return methods;
}

function createHandler(route: Route, sessions: SessionStore): RequestHandler {
  return async (request, response) => {
    response.locals.route = route.path;
    response.set('Cache-Control', 'no-store');
    const session = route.access === 'public' ? null : await authenticate(request, sessions);
    if (route.access === 'admin' && session?.agent.role !== 'admin') {
      throw new AppError('forbidden', 'Only an admin may do this.');
    }
    route.before?.(request);
    const params = parse(route.params, checkTexts(request.params), 'The address is not valid.');
    const query = parse(route.query, checkTexts(request.query), 'The query is not valid.');
    const body = await readBody(route, request);
    const answer = await route.run({ params, query, body, session, request, response });
    if (route.response) response.status(route.status ?? 200).json(answer);
    else if (route.status === 204) response.status(204).end();
  };
}

function parse(schema: z.ZodType | undefined, value: unknown, sentence: string): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError('bad-input', sentence, { errors: parsed.error.issues.flatMap(toFieldErrors) });
}

function toFieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...path, key].join('.'), message: 'unknown field' }));
  return [{ path: path.join('.'), message: issue.message }];
}

/** Text in addresses goes into queries: what no database takes is refused here, by name. */
function checkTexts(values: object): object {
  const errors = Object.entries(values).flatMap(([path, value]) =>
    [path, ...[value].flat()].flatMap((text) => {
      const message = explainText(String(text));
      return message ? [{ path: path.replaceAll('\u0000', ''), message }] : [];
    }),
  );
  if (errors.length > 0) throw new AppError('bad-input', 'The address is not valid.', { errors });
  return values;
}

async function readBody(route: Route, request: Request): Promise<unknown> {
  if (route.rawBodyBytes !== undefined) {
    await runParser(express.raw({ type: () => true, limit: route.rawBodyBytes }), request);
    return request.body ?? Buffer.alloc(0);
  }
  if (!route.body) return undefined;
  await runParser(parseJson, request);
  if (request.body === undefined && hasBody(request)) {
    throw new AppError('unsupported-media-type', 'The body must be JSON, with Content-Type: application/json.');
  }
  const errors = route.cleansText ? findTooDeep(request.body) : findUnstorable(request.body);
  if (errors.length > 0) throw new AppError('bad-input', 'The body is not valid.', { errors });
  return parse(route.body, request.body ?? {}, 'The body is not valid.');
}

function hasBody(request: Request): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
}

function runParser(parser: RequestHandler, request: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    const { res: response } = request;
    if (!response) throw new Error('a request without its response');
    parser(request, response, (error?: unknown) => (error ? reject(error) : resolve()));
  });
}
