import { AppError } from '@tradewind/shared/protocol/errors';
import { z } from 'zod';
import type { Db } from '../../db/database.ts';
import { replayDeadLetter } from '../../db/queries/dead-letters.ts';
import { findInboundEvent, inboundStates, listInboundEvents } from '../../db/queries/inbound-events.ts';
import type { FileStore } from '../../files/file-store.ts';
import { filterOneOf, filterText, idParams, pageFields, pageOf, toPageRequest } from '../fields.ts';
import { defineRoute, type Route } from '../route.ts';

export interface InboundRouteDeps {
  db: Db;
  files: FileStore;
  now: () => number;
  /** Lets processing look at a lane of an account at once. */
  wakeProcessing: (accountId: string, lane: number) => void;
}

// Enough to see what is wrong with an event; the whole of a large mail is no use on a page.
const SHOWN_BODY_BYTES = 256 * 1024;
// Credentials that platforms put into headers (R16).
const HIDDEN_HEADERS = /^(authorization|proxy-authorization|cookie)$|signature|token|secret|hmac/i;

const eventSchema = z.object({
  id: z.string(),
  accountId: z.string(),
  topic: z.string(),
  dedupeKey: z.string().nullable(),
  pathSuffix: z.string(),
  state: z.enum(inboundStates),
  reason: z.string().nullable().meta({ description: 'Why it is ignored, a duplicate or dead.' }),
  receivedAt: z.number(),
  stateAt: z.number(),
});

const eventDetailSchema = eventSchema.extend({
  headers: z.record(z.string(), z.string()),
  body: z.object({
    encoding: z.enum(['utf8', 'base64']),
    content: z.string(),
    sizeBytes: z.number(),
    truncated: z.boolean(),
  }),
});

export function createInboundRoutes({ db, files, now, wakeProcessing }: InboundRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/inbound-events',
      summary: 'What platforms sent, newest first, and what became of it',
      access: 'admin',
      query: z.strictObject({ ...pageFields(), accountId: filterText, state: filterOneOf(inboundStates) }),
      response: pageOf(eventSchema),
      handle: ({ query: { limit, order, cursor, ...filter } }) => list(db, filter, { limit, order, cursor }),
    }),
    defineRoute({
      method: 'get',
      path: '/api/inbound-events/{id}',
      summary: 'One event with its headers and body; credentials in headers are left out',
      access: 'admin',
      params: idParams,
      response: eventDetailSchema,
      handle: async ({ params }) => {
        const found = await findInboundEvent(db, toEventId(params.id));
        if (!found) return refuseUnknown();
        const { headers, body, bodySha256, id, ...event } = found;
        const content = body ?? (bodySha256 === null ? Buffer.alloc(0) : await files.readFile(bodySha256));
        return { ...event, id: String(id), headers: withoutCredentials(headers), body: toShownBody(content) };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/dead-letters',
      summary: 'Events that could not be processed',
      access: 'admin',
      query: z.strictObject({ ...pageFields(), accountId: filterText }),
      response: pageOf(eventSchema),
      handle: ({ query: { limit, order, cursor, ...filter } }) =>
        list(db, { ...filter, state: 'dead' }, { limit, order, cursor }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/dead-letters/{id}/replay',
      summary: 'Process a dead letter again',
      access: 'admin',
      params: idParams,
      response: z.object({ id: z.string(), state: z.literal('pending') }),
      handle: async ({ params, session }) => {
        const outcome = await replayDeadLetter(db, toEventId(params.id), `agent:${session.agent.id}`, now());
        if (outcome === 'unknown') return refuseUnknown();
        if (outcome === 'not-dead') throw new AppError('conflict', 'This event is not a dead letter.');
        wakeProcessing(outcome.accountId, outcome.lane);
        return { id: params.id, state: 'pending' as const };
      },
    }),
  ];
}

async function list(
  db: Db,
  filter: Parameters<typeof listInboundEvents>[1],
  query: Parameters<typeof toPageRequest>[0],
): Promise<{ items: z.infer<typeof eventSchema>[]; nextCursor: string | null }> {
  const page = await listInboundEvents(db, filter, toPageRequest(query));
  return { ...page, items: page.items.map((row) => ({ ...row, id: String(row.id) })) };
}

function toEventId(text: string): number {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : refuseUnknown();
}

function refuseUnknown(): never {
  throw new AppError('not-found', 'There is no such event.');
}

function withoutCredentials(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HIDDEN_HEADERS.test(name)));
}

function toShownBody(content: Buffer): z.infer<typeof eventDetailSchema>['body'] {
  const shown = content.subarray(0, SHOWN_BODY_BYTES);
  const text = shown.toString('utf8');
  const isText = !text.includes('\uFFFD');
  return {
    encoding: isText ? 'utf8' : 'base64',
    content: isText ? text : shown.toString('base64'),
    sizeBytes: content.length,
    truncated: content.length > shown.length,
  };
}
