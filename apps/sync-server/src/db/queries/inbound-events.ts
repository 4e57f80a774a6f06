import { type SqlBool, sql } from 'kysely';
import type { Db } from '../database.ts';
import { toConditions } from './documents.ts';
import { type Page, type PageRequest, readPage } from './page.ts';

export const inboundStates = ['pending', 'processed', 'duplicate', 'ignored', 'dead'] as const;
export type InboundState = (typeof inboundStates)[number];

export interface InboundEventRow {
  id: number;
  accountId: string;
  topic: string;
  dedupeKey: string | null;
  pathSuffix: string;
  state: InboundState;
  /** Why it is ignored, a duplicate or dead. */
  reason: string | null;
  receivedAt: number;
  /** Since when it is in this state. */
  stateAt: number;
}

/** What came, as it came. */
export interface InboundEventContent {
  headers: Record<string, string>;
  body: Buffer | null;
  /** Names the file that holds a large body. */
  bodySha256: string | null;
}

export interface InboundEventFilter {
  accountId?: string | undefined;
  state?: InboundState | undefined;
}

const COLUMNS = sql`e.id, e.account_id as "accountId", e.topic, e.dedupe_key as "dedupeKey", e.path_suffix as "pathSuffix",
  s.state, s.reason, e.received_at as "receivedAt", s.at as "stateAt"`;
const FROM = sql`inbound_states s join inbound_events e on e.id = s.event_id`;

/** In the order of arrival. */
export function listInboundEvents(
  db: Db,
  filter: InboundEventFilter,
  page: PageRequest,
): Promise<Page<InboundEventRow>> {
  return readPage<InboundEventRow>(db, page, {
    name: 'inbound-events',
    filters: filter,
    keys: [{ column: 's.event_id', type: 'number' }],
    select: COLUMNS,
    from: FROM,
    conditions: toConditions(filter, {
      accountId: (value) => sql<SqlBool>`e.account_id = ${value}`,
      state: (value) => sql<SqlBool>`s.state = ${value}`,
    }),
  });
}

export async function findInboundEvent(db: Db, id: number): Promise<(InboundEventRow & InboundEventContent) | null> {
  const result = await sql<InboundEventRow & InboundEventContent>`
    select ${COLUMNS}, e.headers, e.body, e.body_sha256 as "bodySha256" from ${FROM} where s.event_id = ${id}`.execute(
    db,
  );
  return result.rows[0] ?? null;
}
