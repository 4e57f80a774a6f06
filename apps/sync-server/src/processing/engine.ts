import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { AccountDirectory, ConnectedAccount } from '../accounts/account-directory.ts';
import { type InboundEvent, ParseError } from '../connector.ts';
import type { Db, Tx } from '../db/database.ts';
import { toStorableText } from '../db/json-text.ts';
import { PREPARED } from '../db/prepared.ts';
import { heldScopes } from '../db/scope-lock.ts';
import type { Write } from '../db/writes.ts';
import type { FileStore } from '../files/file-store.ts';
import { isConnectionProblem } from '../ingest/inbox.ts';
import { LANES_PER_ACCOUNT } from '../ingest/lane.ts';
import type { Metrics } from '../observability/metrics.ts';
import { appendChanges, type ChangeBus, headOf } from '../replication/change-log.ts';
import { applyDelivery, wantForDelivery } from './apply-delivery.ts';
import { applyMessage, wantForMessage } from './apply-message.ts';
import { applyOrderEvent, wantForOrder } from './apply-order.ts';
import { applyRating, wantForRating } from './apply-rating.ts';
import { applyVisitor, wantForVisitor } from './apply-visitor.ts';
import type { ApplyEnvironment, EventOutcome } from './outcome.ts';
import { UnitOfWork } from './unit-of-work.ts';
import { createWanted, type Wanted } from './wanted.ts';

export interface EngineDeps {
  db: Db;
  accounts: AccountDirectory;
  files: FileStore;
  bus: ChangeBus;
  metrics: Metrics;
  log: Logger;
  now: () => number;
  createId: () => string;
  /** Told after the commit of an order that its shop has named and that we do not have. */
  askForOrder: (account: ConnectedAccount, externalId: string) => void;
}

interface RawEvent {
  id: number;
  topic: string;
  dedupe_key: string | null;
  path_suffix: string;
  headers: Record<string, string>;
  body: Buffer | null;
  body_sha256: string | null;
  received_at: number;
  team_ids: string[];
}

type Verdict = { state: EventOutcome['state'] | 'dead'; reason: string | null };

// One transaction takes this many events: enough to share its fixed cost, few enough to hold locks only briefly.
const MAX_EVENTS = 200;
// Mails with large attachments: as many as fit into memory beside everything else.
const MAX_BATCH_BYTES = 64 * 1024 * 1024;
// Another batch may have made the same customer at the same moment; a second look sees them.
const MAX_ATTEMPTS = 4;
// Taken one by one, an event may still meet such a batch; only what keeps failing by itself is refused by the database.
const MAX_ATTEMPTS_ALONE = 4;

/** An event that cannot be applied; carries which one, so that the batch can go on without it (R4). */
class EventFailure extends Error {
  readonly eventId: number;
  constructor(eventId: number, cause: unknown) {
    super('event cannot be applied', { cause });
    this.eventId = eventId;
  }
}

/**
 * Turns stored events into documents (design: Processing). A batch of one account's lanes is read, applied in memory and
 * written in one transaction. An event that cannot be read or applied becomes a dead letter, and its lane goes on.
 *
 * Crash points: nothing is visible before the commit, and the events stay pending; the commit writes documents, states,
 * keys and change log at once; a hint lost after it costs at most the next sweep.
 */
export class ProcessingEngine {
  readonly #deps: EngineDeps;

  constructor(deps: EngineDeps) {
    this.#deps = deps;
  }

  /**
   * Processes up to one batch of events waiting in these lanes of an account.
   *
   * @returns how many were taken, and whether more may be waiting.
   * @throws what the database says when it is out of reach: nothing was lost, try again later.
   */
  async processBatch(account: ConnectedAccount, lanes: readonly number[]): Promise<{ taken: number; more: boolean }> {
    const dead = new Map<number, string>();
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(account, lanes, dead, attempt > MAX_ATTEMPTS ? 1 : MAX_EVENTS);
      } catch (error) {
        if (isConnectionProblem(error)) throw error;
        if (error instanceof EventFailure) dead.set(error.eventId, this.#explain(error.cause, account, error.eventId));
        else if (attempt > MAX_ATTEMPTS + MAX_ATTEMPTS_ALONE) {
          if (isPassing(error)) throw error;
          await this.#buryFirst(account, lanes, error, dead);
        } else
          this.#deps.log.warn(
            { event: 'processing.retry', accountId: account.id, attempt, err: error },
            'a batch starts over',
          );
      }
    }
  }

  #explain(cause: unknown, account: ConnectedAccount, eventId: number): string {
    if (cause instanceof ParseError) return toStorableText(cause.message);
    this.#deps.log.error(
      { event: 'processing.failed', accountId: account.id, eventId, err: cause },
      'an event could not be applied',
    );
    return toStorableText(`Internal fault: ${cause instanceof Error ? cause.message : String(cause)}`);
  }

  /** Alone and still failing: the first waiting event is the one the database refuses. */
  async #buryFirst(
    account: ConnectedAccount,
    lanes: readonly number[],
    error: unknown,
    dead: Map<number, string>,
  ): Promise<void> {
    const first = await this.#deps.db
      .selectFrom('inbound_states')
      .select('event_id')
      .where('account_id', '=', account.id)
      .where('lane', 'in', [...lanes])
      .where('state', '=', 'pending')
      .orderBy('event_id')
      .limit(1)
      .executeTakeFirst();
    if (!first || dead.has(first.event_id)) throw error;
    dead.set(first.event_id, this.#explain(error, account, first.event_id));
  }

  async #attempt(
    account: ConnectedAccount,
    lanes: readonly number[],
    dead: ReadonlyMap<number, string>,
    limit: number,
  ): Promise<{ taken: number; more: boolean }> {
    const { db, now, bus, metrics } = this.#deps;
    const done = await db.transaction().execute(async (tx) => {
      const owned = await claimLanes(tx, account.laneNo, lanes);
      if (owned.length === 0) return null;
      const events = await readPending(tx, account.id, owned, limit);
      const [first] = events;
      if (!first) return null;
      // As the database says under the scope lock: the directory's copy may be a moment old.
      const work = new UnitOfWork(tx, { ...account, teamIds: first.team_ids });
      const verdicts = await this.#apply(work, account, events, dead);
      const entries = await work.save(now(), writeVerdicts(verdicts, now()));
      return {
        head: headOf(await appendChanges(tx, entries, now())),
        verdicts,
        more: events.length === limit || verdicts.size < events.length,
        missingOrders: work.missingOrders(),
      };
    });
    if (!done) return { taken: 0, more: false };
    bus.announce(done.head);
    for (const verdict of done.verdicts.values())
      metrics.eventsProcessed.inc({ kind: account.kind, state: verdict.state });
    for (const externalId of done.missingOrders) this.#deps.askForOrder(account, externalId);
    return { taken: done.verdicts.size, more: done.more };
  }

  async #apply(
    work: UnitOfWork,
    account: ConnectedAccount,
    events: readonly RawEvent[],
    dead: ReadonlyMap<number, string>,
  ): Promise<Map<number, Verdict>> {
    const verdicts = new Map<number, Verdict>();
    const parsed = new Map<number, InboundEvent[]>();
    const wanted = createWanted();
    let bytes = 0;
    for (const event of events) {
      if (bytes > MAX_BATCH_BYTES) break; // the rest stays pending and comes next, in order
      const reason = dead.get(event.id);
      if (reason !== undefined) {
        verdicts.set(event.id, { state: 'dead', reason });
        continue;
      }
      const body = await this.#readBody(event);
      bytes += body.length;
      const parts = await this.#parse(account, event, body);
      parsed.set(event.id, parts);
      if (event.dedupe_key !== null) wanted.keys.add(event.dedupe_key);
      for (const part of parts) wantForPart(part, account.id, wanted);
    }
    await work.load(wanted);
    const environment: ApplyEnvironment = {
      createId: this.#deps.createId,
      storeFile: (content) => this.#deps.files.storeFile(content),
      ownAddress: account.ownAddress,
      orderStatus: account.orderStatus,
    };
    for (const event of events) {
      const parts = parsed.get(event.id);
      if (parts) verdicts.set(event.id, await this.#applyEvent(work, event, parts, environment));
    }
    return verdicts;
  }

  async #readBody(event: RawEvent): Promise<Buffer> {
    if (event.body !== null || event.body_sha256 === null) return event.body ?? Buffer.alloc(0);
    try {
      return await this.#deps.files.readFile(event.body_sha256);
    } catch (error) {
      // A file that is gone stays gone: a dead letter says so, and can be replayed from a backup. Whatever else is wrong
      // with the disk passes, and the event waits for it.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      const lost = new ParseError('The body of this event is missing from the files folder.', { cause: error });
      throw new EventFailure(event.id, lost);
    }
  }

  async #parse(account: ConnectedAccount, event: RawEvent, body: Buffer): Promise<InboundEvent[]> {
    const request = { method: 'POST', pathSuffix: event.path_suffix, query: '', headers: event.headers, body };
    try {
      return await account.parse(request, event.received_at);
    } catch (error) {
      throw new EventFailure(event.id, error);
    }
  }

  async #applyEvent(
    work: UnitOfWork,
    event: RawEvent,
    parts: readonly InboundEvent[],
    environment: ApplyEnvironment,
  ): Promise<Verdict> {
    if (event.dedupe_key !== null && work.processedKeys.has(event.dedupe_key)) {
      return { state: 'duplicate', reason: 'this event came before' };
    }
    const outcomes: EventOutcome[] = [];
    try {
      for (const part of parts) outcomes.push(await applyPart(work, part, event.received_at, environment));
    } catch (error) {
      if (isDiskProblem(error)) throw error;
      throw new EventFailure(event.id, error);
    }
    if (event.dedupe_key !== null) work.putKey(event.dedupe_key, event.id);
    const best =
      outcomes.find((outcome) => outcome.state === 'processed') ??
      outcomes.find((outcome) => outcome.state === 'duplicate') ??
      outcomes[0];
    return { state: best?.state ?? 'ignored', reason: best?.reason ?? null };
  }
}

function wantForPart(part: InboundEvent, accountId: string, wanted: Wanted): void {
  if (part.type === 'message') wantForMessage(part, accountId, wanted);
  else if (part.type === 'delivery') wantForDelivery(part, wanted);
  else if (part.type === 'visitor') wantForVisitor(part, accountId, wanted);
  else if (part.type === 'rating') wantForRating(part, wanted);
  else if (part.type !== 'ignored') wantForOrder(part, accountId, wanted);
}

async function applyPart(
  work: UnitOfWork,
  part: InboundEvent,
  receivedAt: number,
  environment: ApplyEnvironment,
): Promise<EventOutcome> {
  switch (part.type) {
    case 'message':
      return applyMessage(work, part, receivedAt, environment);
    case 'delivery':
      return applyDelivery(work, part);
    case 'visitor':
      return applyVisitor(work, part, receivedAt, environment);
    case 'rating':
      return applyRating(work, part);
    case 'ignored':
      return { state: 'ignored', reason: part.reason };
    default:
      return applyOrderEvent(work, part, receivedAt, environment);
  }
}

/** Storing a file failed (disk full, too many open files): no fault of the event. */
function isDiskProblem(error: unknown): boolean {
  return /^E[A-Z]+$/.test(String((error as NodeJS.ErrnoException).code));
}

/** Deadlocks, lapsed statement, transaction and lock times: no fault of the event either, however often they come. */
function isPassing(error: unknown): boolean {
  return /^(40|25P0|55P03|57014)/.test(String((error as { code?: unknown }).code));
}

/**
 * Lanes nobody else is working on; they are ours until the transaction ends, as is the wish that the account's teams do not
 * change meanwhile (see `db/scope-lock.ts`).
 */
async function claimLanes(tx: Tx, laneNo: number, lanes: readonly number[]): Promise<number[]> {
  const rows = await sql<{ lane: number }>`
    ${sql.raw(PREPARED)} select lane, ${heldScopes}
    from unnest(${[...lanes]}::smallint[]) as wanted (lane)
    where pg_try_advisory_xact_lock(7203, ${laneNo * LANES_PER_ACCOUNT}::integer + lane)`.execute(tx);
  return rows.rows.map((row) => row.lane);
}

// A statement of its own after the claim: its snapshot sees everything the lanes' previous owner committed.
async function readPending(tx: Tx, accountId: string, lanes: readonly number[], limit: number): Promise<RawEvent[]> {
  // The heads of the lanes, not the whole backlog sorted: the cost of a batch must not grow with what waits behind it.
  const rows = await sql<RawEvent>`
    ${sql.raw(PREPARED)} with heads as materialized (
      select head.event_id
      from unnest(${[...lanes]}::smallint[]) as owned (lane)
      cross join lateral (
        select event_id from inbound_states
        where account_id = ${accountId} and lane = owned.lane and state = 'pending' order by event_id limit ${limit}
      ) head
      order by head.event_id limit ${limit}
    )
    select e.id, e.topic, e.dedupe_key, e.path_suffix, e.headers, e.body, e.body_sha256, e.received_at,
           (select team_ids from accounts where id = ${accountId}) as team_ids
    from heads join inbound_events e on e.id = heads.event_id order by e.id`.execute(tx);
  return rows.rows;
}

function writeVerdicts(verdicts: ReadonlyMap<number, Verdict>, nowMs: number): Write {
  const rows = [...verdicts];
  const statement = sql`
    update inbound_states s set state = given.state, reason = given.reason, at = ${nowMs}
    from unnest(${rows.map(([id]) => id)}::bigint[], ${rows.map(([, verdict]) => verdict.state)}::text[],
                ${rows.map(([, verdict]) => verdict.reason)}::text[]) as given (event_id, state, reason)
    where s.event_id = given.event_id`;
  return { name: 'verdicts_written', statement };
}
