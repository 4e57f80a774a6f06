import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { AuthSession } from '../auth/session.ts';

/** Who may call a route. */
export type Access = 'public' | 'agent' | 'admin';

export interface RouteContext<TAccess extends Access, TParams, TQuery, TBody> {
  params: TParams;
  query: TQuery;
  body: TBody;
  /** Null on public routes. */
  session: TAccess extends 'public' ? null : AuthSession;
  request: Request;
  response: Response;
}

interface RouteBase<TAccess extends Access, TParams, TQuery, TBody> {
  method: 'get' | 'post' | 'patch' | 'delete';
  /** In OpenAPI's form: `/api/orders/{id}`. */
  path: string;
  summary: string;
  access: TAccess;
  /** Looks at the headers before the body is read; throws where the request is not to be taken at all. */
  before?(request: Request): void;
  params?: z.ZodType<TParams>;
  query?: z.ZodType<TQuery>;
  /** JSON body. */
  body?: z.ZodType<TBody>;
  /** The body's schema deals with U+0000 by itself; otherwise text no database takes is refused before it. */
  cleansText?: true;
  /** Takes a body of any type as a Buffer instead, up to this size. */
  rawBodyBytes?: number;
}

/** A route as it is written: the answer is what the handler returns. */
export interface RouteSpec<TAccess extends Access, TParams, TQuery, TBody, TResponse extends z.ZodType>
  extends RouteBase<TAccess, TParams, TQuery, TBody> {
  /** 200 unless given. */
  status?: 200 | 201;
  response: TResponse;
  handle(context: RouteContext<TAccess, TParams, TQuery, TBody>): Promise<z.input<TResponse>> | z.input<TResponse>;
}

/** A route whose handler answers by itself: no content, or a file. */
export interface WritingRouteSpec<TAccess extends Access, TParams, TQuery, TBody>
  extends RouteBase<TAccess, TParams, TQuery, TBody> {
  status: 200 | 204;
  handle(context: RouteContext<TAccess, TParams, TQuery, TBody>): Promise<void> | void;
}

/** A route of any types: what the router registers and OpenAPI describes. */
export interface Route extends RouteBase<Access, unknown, unknown, unknown> {
  status?: 200 | 201 | 204;
  response?: z.ZodType;
  run(context: RouteContext<Access, unknown, unknown, unknown>): Promise<unknown>;
}

/** Ties the types of schemas and handler together; the same value registers the route and describes it. */
export function defineRoute<
  TAccess extends Access,
  TResponse extends z.ZodType,
  TParams = undefined,
  TQuery = undefined,
  TBody = undefined,
>(
  spec: RouteSpec<TAccess, TParams, TQuery, TBody, TResponse> | WritingRouteSpec<TAccess, TParams, TQuery, TBody>,
): Route {
  const { handle, ...rest } = spec;
  return {
    ...rest,
    // The router hands over what these very schemas parsed, and a session unless the route is public.
    run: async (context) => handle(context as RouteContext<TAccess, TParams, TQuery, TBody>),
  };
}
