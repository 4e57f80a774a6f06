import { ERROR_STATUS } from '@tradewind/shared/protocol/errors';
import { conversationSchema } from '@tradewind/shared/schemas/conversation';
import { customerSchema } from '@tradewind/shared/schemas/customer';
import { attachmentSchema, messageSchema } from '@tradewind/shared/schemas/message';
import { orderSchema } from '@tradewind/shared/schemas/order';
import { z } from 'zod';
import { CSRF_HEADER } from './authenticate.ts';
import type { Route } from './route.ts';
import { SESSION_COOKIE } from './session-cookie.ts';

type Json = Record<string, unknown>;

const problemSchema = z.looseObject({
  type: z.enum(Object.keys(ERROR_STATUS).map((kind) => `urn:tradewind:${kind}`)),
  title: z.string(),
  status: z.number(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  retryAfterMs: z.number().optional(),
  errorId: z.string().optional().meta({ description: 'Stands in the server’s log too.' }),
});

/** Schemas that are described once and referred to by name. */
const named = z
  .registry<{ id: string }>()
  .add(conversationSchema, { id: 'Conversation' })
  .add(messageSchema, { id: 'Message' })
  .add(attachmentSchema, { id: 'Attachment' })
  .add(customerSchema, { id: 'Customer' })
  .add(orderSchema, { id: 'Order' })
  .add(problemSchema, { id: 'Problem' });

/** The OpenAPI 3.1 document of the routes, made from the very schemas that check requests. */
export function buildOpenApi(routes: readonly Route[], version: string): Json {
  const components: Json = {};
  const convert = (schema: z.ZodType, io: 'input' | 'output') => toSchema(schema, io, components);
  const problem = convert(problemSchema, 'output');
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: toOperation(route, convert, problem) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Tradewind', version },
    components: {
      schemas: components,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: SESSION_COOKIE,
          description: `Changes also need the header ${CSRF_HEADER}: 1.`,
        },
      },
    },
    paths,
  };
}

type Convert = (schema: z.ZodType, io: 'input' | 'output') => Json;

function toOperation(route: Route, convert: Convert, problem: Json): Json {
  const parameters = [...toParameters(route.params, 'path', convert), ...toParameters(route.query, 'query', convert)];
  const status = String(route.status ?? 200);
  const content = route.response
    ? { 'application/json': { schema: convert(route.response, 'output') } }
    : route.status === 204
      ? undefined
      : { '*/*': {} };
  return {
    summary: route.summary,
    ...(route.access === 'public' ? {} : { security: [{ bearer: [] }, { cookie: [] }] }),
    ...(route.access === 'admin' ? { description: 'For admins.' } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...toRequestBody(route, convert),
    responses: {
      [status]: { description: route.summary, ...(content ? { content } : {}) },
      default: { description: 'A problem', content: { 'application/problem+json': { schema: problem } } },
    },
  };
}

function toRequestBody(route: Route, convert: Convert): Json {
  if (route.rawBodyBytes !== undefined) return { requestBody: { required: true, content: { '*/*': {} } } };
  if (!route.body) return {};
  return { requestBody: { required: true, content: { 'application/json': { schema: convert(route.body, 'input') } } } };
}

function toParameters(schema: z.ZodType | undefined, place: 'path' | 'query', convert: Convert): Json[] {
  if (!schema) return [];
  const { properties, required } = convert(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties ?? {}).map(([name, { description, ...inner }]) => ({
    name,
    in: place,
    required: place === 'path' || (required?.includes(name) ?? false),
    ...(description === undefined ? {} : { description }),
    schema: inner,
  }));
}

/** A JSON Schema whose named parts are moved to the components. */
function toSchema(schema: z.ZodType, io: 'input' | 'output', components: Json): Json {
  // JSON Schema has no word for what a transform gives; the form before it is described by `io: 'input'`.
  const whole = z.toJSONSchema(schema, { io, unrepresentable: 'any', metadata: withMeta });
  const { $defs, $schema: _dialect, ...rest } = withComponentRefs(whole) as Json & { $defs?: Json };
  Object.assign(components, $defs);
  return rest;
}

/** Descriptions live in zod's own registry, names in ours. */
const withMeta = {
  get: (schema: z.core.$ZodType) => ({ ...z.globalRegistry.get(schema), ...named.get(schema) }),
  has: (schema: z.core.$ZodType) => z.globalRegistry.has(schema) || named.has(schema),
} as unknown as typeof z.globalRegistry;

function withComponentRefs(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'));
}
