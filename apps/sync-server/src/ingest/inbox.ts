import type pg from 'pg';

/** A verified request on its way into the database. */
export interface AcceptedEvent {
  accountId: string;
  topic: string;
  dedupeKey: string | null;
  lane: number;
  pathSuffix: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer | null;
  bodySha256: string | null;
  receivedAt: number;
  oneTimeToken: { token: string; contentHash: Buffer } | null;
}

/**
 * `stored`: committed, will be processed · `duplicate`: the same token with the same content was committed before ·
 * `replayed`: the token was used with other content; nothing was stored.
 */
export type StoreOutcome = 'stored' | 'duplicate' | 'replayed';

interface Waiting {
  event: AcceptedEvent;
  resolve(outcome: StoreOutcome): void;
  reject(error: unknown): void;
}

// More than this in one statement no longer saves anything and makes everybody wait for the slowest.
const MAX_BATCH = 512;
// Bodies travel as one value: this keeps the process answering while it is put together.
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
// While one commit waits for the disk, another gathers and travels.
const MAX_FLUSHES = 2;

const GIVEN = `
  with given as materialized (
    select nextval('inbound_events_id_seq') as id, g.*
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::json[], $6::integer[], $7::integer[], $8::text[],
                $9::bigint[], $10::smallint[], $11::text[], $12::bytea[])
      with ordinality as g (account_id, topic, dedupe_key, path_suffix, headers, body_from, body_length, body_sha256,
                            received_at, lane, token, content_hash, place)
  )`;
const EVENT_COLUMNS = 'id, account_id, topic, dedupe_key, path_suffix, headers, body, body_sha256, received_at';
const BODY = 'case when body_length >= 0 then substring($13::bytea from body_from for body_length) end';

/** For events without one-time tokens there is nothing to judge. */
const INSERT = `${GIVEN}, events as (
    insert into inbound_events (${EVENT_COLUMNS}) overriding system value
    select id, account_id, topic, dedupe_key, path_suffix, headers, ${BODY}, body_sha256, received_at from given
  )
  insert into inbound_states (event_id, account_id, lane, state, at)
  select id, account_id, lane, 'pending', received_at from given`;

const INSERT_JUDGED = `${GIVEN}, tokens as (
    insert into used_tokens (account_id, token, content_hash, seen_at)
    select account_id, token, content_hash, received_at from given where token is not null order by account_id, token
    on conflict (account_id, token) do update set seen_at = used_tokens.seen_at
    returning account_id, token, content_hash, (xmax = 0) as fresh
  ), judged as materialized (
    select given.*, case when given.token is null or tokens.fresh then 'pending'
                         when tokens.content_hash = given.content_hash then 'duplicate'
                         else 'replayed' end as verdict
    from given left join tokens on tokens.account_id = given.account_id and tokens.token = given.token
  ), events as (
    insert into inbound_events (${EVENT_COLUMNS}) overriding system value
    select id, account_id, topic, dedupe_key, path_suffix, headers, case when verdict = 'pending' then ${BODY} end,
           case when verdict = 'pending' then body_sha256 end, received_at
    from judged where verdict <> 'replayed' order by place
  ), states as (
    insert into inbound_states (event_id, account_id, lane, state, reason, at)
    select id, account_id, lane, verdict, case when verdict = 'duplicate' then 'the same request came before' end, received_at
    from judged where verdict <> 'replayed'
  )
  select place::integer, verdict from judged`;

/**
 * Takes verified events into the database. Concurrent requests share one commit: while statements are under way the next
 * batch gathers, and a request is answered only when its own batch is on disk (R1).
 *
 * Crash points: before the commit the platform has no 2xx and sends again; after it the event is there, and a repeated
 * request is recognised by its token here or by its key in processing (R2).
 */
export class Inbox {
  readonly #pool: pg.Pool;
  readonly #onStored: (events: readonly AcceptedEvent[]) => void;
  #waiting: Waiting[] = [];
  #flushes = 0;

  constructor(pool: pg.Pool, onStored: (events: readonly AcceptedEvent[]) => void) {
    this.#pool = pool;
    this.#onStored = onStored;
  }

  /** @throws whatever the database says when the event could not be stored: answer 503, the platform tries again. */
  store(event: AcceptedEvent): Promise<StoreOutcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ event, resolve, reject });
      if (this.#flushes < MAX_FLUSHES) void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    this.#flushes += 1;
    // One turn of the event loop lets requests that arrived together share the commit.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) await this.#storeBatch(this.#takeBatch());
    this.#flushes -= 1;
  }

  /** A token at most once per batch: the statement decides between two uses only if they come in two statements. */
  #takeBatch(): Waiting[] {
    const tokens = new Set<string>();
    const batch: Waiting[] = [];
    const rest: Waiting[] = [];
    let sizeBytes = 0;
    for (const waiting of this.#waiting) {
      const { accountId, oneTimeToken, body } = waiting.event;
      const key = oneTimeToken ? `${accountId} ${oneTimeToken.token}` : null;
      const isFull = batch.length >= MAX_BATCH || sizeBytes >= MAX_BATCH_BYTES;
      if (isFull || (key !== null && tokens.has(key))) rest.push(waiting);
      else {
        sizeBytes += body?.length ?? 0;
        if (key !== null) tokens.add(key);
        batch.push(waiting);
      }
    }
    this.#waiting = rest;
    return batch;
  }

  async #storeBatch(batch: Waiting[]): Promise<void> {
    try {
      const outcomes = await this.#insert(batch.map((waiting) => waiting.event));
      const stored: AcceptedEvent[] = [];
      for (const [index, waiting] of batch.entries()) {
        const outcome = outcomes[index] ?? 'stored';
        if (outcome === 'stored') stored.push(waiting.event);
        waiting.resolve(outcome);
      }
      if (stored.length > 0) this.#onStored(stored);
    } catch (error) {
      if (batch.length === 1 || isConnectionProblem(error)) {
        for (const waiting of batch) waiting.reject(error);
        return;
      }
      // One row the database refuses must not fail its neighbours.
      for (const waiting of batch) await this.#storeBatch([waiting]);
    }
  }

  async #insert(events: readonly AcceptedEvent[]): Promise<StoreOutcome[]> {
    // Bodies travel as one binary value and are cut apart there: in an array each would be written out in hex.
    let end = 1;
    const offsets = events.map((event) => {
      const from = end;
      end += event.body?.length ?? 0;
      return from;
    });
    const judged = events.some((event) => event.oneTimeToken !== null);
    const result = await this.#pool.query<{ place: number; verdict: 'pending' | 'duplicate' | 'replayed' }>({
      ...(judged ? { name: 'inbox-insert-judged', text: INSERT_JUDGED } : { name: 'inbox-insert', text: INSERT }),
      values: [
        events.map((event) => event.accountId),
        events.map((event) => event.topic),
        events.map((event) => event.dedupeKey),
        events.map((event) => event.pathSuffix),
        events.map((event) => JSON.stringify(event.headers)),
        offsets,
        events.map((event) => event.body?.length ?? -1),
        events.map((event) => event.bodySha256),
        events.map((event) => event.receivedAt),
        events.map((event) => event.lane),
        events.map((event) => event.oneTimeToken?.token ?? null),
        events.map((event) => event.oneTimeToken?.contentHash ?? null),
        Buffer.concat(events.flatMap((event) => event.body ?? [])),
      ],
    });
    const outcomes: StoreOutcome[] = [];
    for (const row of result.rows) outcomes[row.place - 1] = row.verdict === 'pending' ? 'stored' : row.verdict;
    return outcomes;
  }
}

/** True when the database itself is out of reach, as opposed to refusing a statement. */
export function isConnectionProblem(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  if (typeof code !== 'string') return error instanceof Error && /connection|timeout/i.test(error.message);
  return /^(08|57P|53)/.test(code) || /^E[A-Z]+$/.test(code);
}
