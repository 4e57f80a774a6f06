import { AppError } from '@tradewind/shared/protocol/errors';
import { MAX_CHANGES_PER_PAGE, type SnapshotPage } from '@tradewind/shared/protocol/sync';
import { sql } from 'kysely';
import { isVisibleSql, type Scopes, visibleScopes } from '../auth/scopes.ts';
import type { Db, Tx } from '../db/database.ts';
import { PREPARED } from '../db/prepared.ts';
import { assertAccess, createCheckpoint, type Reader, readHead, resolveCheckpoint } from './changes-page.ts';
import { documentBody, MAX_STORED_BYTES } from './document-body.ts';
import { decodePosition, encodePosition, type Position, type Progress } from './snapshot-cursor.ts';
import { findStages, type PartContext, type Stage, toSingle } from './snapshot-parts.ts';

export interface SnapshotRequest {
  part: string;
  /** Null for the first page. */
  cursor: string | null;
  accessVersion: number | null;
  limit: number;
}

/** What changed within it is recent. */
export const RECENT_MS = 90 * 86_400_000;
// Units are looked at in groups: most pages are full after one or two, and a group of long threads stays small.
const UNITS_PER_GROUP = 150;

/** A row of the log that goes into a page, and how far the walk is once it has been given. */
interface Item {
  collection: string;
  id: string;
  seq: number;
  createdSeq: number;
  scopes: readonly string[];
  stage: number;
  progress: Progress;
}

interface Unit {
  key: number;
  id: string;
  customerId: string | null;
  /** Null when the reader may not see it, or has it from elsewhere. */
  row: { seq: number; createdSeq: number; scopes: string[] } | null;
}

/**
 * One page of a part, as the JSON text of a SnapshotPage: what the reader may see of it now, each document with its own
 * place in the log. Taken together with the changes after `asOf` nothing is missed (docs/protocol.md, Catching up).
 *
 * Each page is one REPEATABLE READ snapshot and walks on from keys; what it costs depends on its own size, not on the desk's. It
 * may hold few items, or none, where the walk passes over much that the reader does not see.
 *
 * @throws AppError `bad-input` for a cursor of another part, `resync` when its `asOf` belongs to another history,
 *   `access-changed`, `not-found` for a conversation the reader may not see, `forbidden` for a scope he does not have.
 */
export async function readSnapshotPage(
  db: Db,
  deskId: string,
  reader: Reader,
  request: SnapshotRequest,
  nowMs: number,
): Promise<string> {
  await assertAccess(db, reader, request.accessVersion);
  const given = request.cursor === null ? null : decodePosition(request.cursor, request.part);
  if (given) await assertAccess(db, reader, given.accessVersion);
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      const start: Position = given ?? {
        asOf: await createCheckpoint(tx, deskId, await readHead(tx)),
        accessVersion: reader.accessVersion,
        recentSince: nowMs - RECENT_MS,
        stage: 0,
        unit: null,
      };
      const asOfSeq = await resolveCheckpoint(tx, deskId, start.asOf);
      const context = { scopes: reader.scopes, agentId: reader.agentId, asOfSeq, recentSince: start.recentSince };
      const limit = Math.min(request.limit, MAX_CHANGES_PER_PAGE);
      const walk = new Walk(tx, context, findStages(request.part, context), start, limit);
      const { items, end } = await walk.run();
      if (request.part.startsWith('conversation:') && !given && !walk.hasFound) {
        throw new AppError('not-found', 'There is no such conversation.');
      }
      const texts = await readBodies(tx, items, reader.scopes);
      const reached = texts.length < items.length ? toPosition(start, items[texts.length - 1]) : end;
      const shell: Omit<SnapshotPage, 'items'> = {
        asOf: start.asOf,
        nextCursor: reached && encodePosition(reached, request.part),
        accessVersion: reader.accessVersion,
        serverTime: nowMs,
      };
      const shown = texts.filter((text) => text !== null);
      return `{"items":[${shown.join(',')}],${JSON.stringify(shell).slice(1)}`;
    });
}

function toPosition(start: Position, item: Item | undefined): Position {
  return item ? { ...start, stage: item.stage, unit: item.progress } : start;
}

/** Goes through a part's stages from a position until the page is full, or as many units as it may have items were looked at. */
class Walk {
  readonly #tx: Tx;
  readonly #context: PartContext;
  readonly #stages: readonly Stage[];
  readonly #start: Position;
  readonly #limit: number;
  readonly #items: Item[] = [];
  #scansLeft: number;
  /** Whether any unit was there to be seen. */
  hasFound = false;

  constructor(tx: Tx, context: PartContext, stages: readonly Stage[], start: Position, limit: number) {
    this.#tx = tx;
    this.#context = context;
    this.#stages = stages;
    this.#start = start;
    this.#limit = limit;
    this.#scansLeft = limit;
  }

  /** @returns what to give, and where the next page begins: null at the part's end. */
  async run(): Promise<{ items: readonly Item[]; end: Position | null }> {
    for (let index = this.#start.stage; index < this.#stages.length; index++) {
      const stage = this.#stages[index] as Stage;
      const unit = index === this.#start.stage ? this.#start.unit : null;
      if (this.#items.length >= this.#limit || this.#scansLeft <= 0) {
        return { items: this.#items, end: { ...this.#start, stage: index, unit } };
      }
      const end = await this.#runStage(stage, index, unit);
      if (end) return { items: this.#items, end: { ...this.#start, stage: index, unit: end } };
    }
    return { items: this.#items, end: null };
  }

  /** @returns how far it came, or null when the stage is done. */
  async #runStage(stage: Stage, index: number, from: Progress | null): Promise<Progress | null> {
    const resumed = from?.last ? await this.#findResumed(stage, from) : null;
    if (resumed && !(await this.#expand(stage, index, [resumed], from))) return this.#items.at(-1)?.progress ?? from;
    for (let at = from; ; ) {
      const wanted = Math.min(this.#scansLeft, UNITS_PER_GROUP);
      if (wanted <= 0) return at;
      const units = await this.#scan(stage, at, wanted);
      this.#scansLeft -= units.length;
      const seen = units.filter((unit) => unit.row !== null);
      if (seen.length > 0) this.hasFound = true;
      if (!(await this.#expand(stage, index, seen, null))) return this.#items.at(-1)?.progress ?? at;
      const last = units.at(-1);
      if (!last || units.length < wanted) return null;
      at = { key: last.key, id: last.id, last: null };
    }
  }

  /** The unit a page ended in: by its id, for it may have changed its place in the walk meanwhile, or left it. */
  async #findResumed(stage: Stage, { id, key }: Progress): Promise<Unit | null> {
    const [unit] = await this.#scan(toSingle(stage, id), null, 1);
    return unit?.row ? { ...unit, key } : null;
  }

  async #scan(stage: Stage, from: Progress | null, limit: number): Promise<Unit[]> {
    const columns = sql.raw(stage.keyColumn ? `${stage.keyColumn} desc, id desc` : 'id desc');
    const after = !from
      ? sql`true`
      : stage.keyColumn
        ? sql`(${sql.ref(stage.keyColumn)}, id) < (${from.key}::bigint, ${from.id})`
        : sql`id < ${from.id}`;
    const result = await sql<{
      key: number;
      id: string;
      customer_id: string | null;
      seq: number | null;
      created_seq: number;
      scopes: string[];
    }>`
      ${sql.raw(PREPARED)} with unit as materialized (
        select key, id, customer_id from (${stage.source}) source where ${after} order by ${columns} limit ${limit}
      )
      select unit.*, log.seq, log.created_seq, log.scopes
      from unit left join lateral (
        select * from change_log log
        where log.collection = ${stage.collection} and log.id = unit.id and log.scope_left = '' and not log.deleted
          and ${isVisibleSql(this.#context.scopes)} and not ${stage.skip ?? sql`false`}
      ) log on true
      order by unit.key desc, unit.id desc`.execute(this.#tx);
    return result.rows.map((row) => ({
      key: row.key,
      id: row.id,
      customerId: row.customer_id,
      row: row.seq === null ? null : { seq: row.seq, createdSeq: row.created_seq, scopes: row.scopes },
    }));
  }

  /**
   * Adds units with what belongs to them, each unit's own document first.
   *
   * @param resumed - how far the first of them was given before.
   * @returns false when the page is full before they are through.
   */
  async #expand(stage: Stage, index: number, units: readonly Unit[], resumed: Progress | null): Promise<boolean> {
    const room = this.#limit - this.#items.length;
    const companions = await this.#findCompanions(stage, units, resumed?.last ?? null, room + 1);
    for (const [place, unit] of units.entries()) {
      const { key, id, row } = unit;
      const own = companions.get(place) ?? [];
      const add = (item: Omit<Item, 'stage' | 'progress'>, last: Progress['last']) => {
        if (this.#items.length >= this.#limit) return false;
        this.#items.push({ ...item, stage: index, progress: { key, id, last } });
        return true;
      };
      if (!resumed && row) {
        const last = own.length === 0 ? null : { rank: 0, at: 0, id: '' };
        if (!add({ collection: stage.collection, id, ...row }, last)) return false;
      }
      for (const [at, one] of own.entries()) {
        const isLast = at === own.length - 1;
        if (!add(one.item, isLast ? null : one.place)) return false;
      }
    }
    return true;
  }

  /** What comes with units, by their place in the list: customer, his orders, messages from the newest. At most `limit` in all. */
  async #findCompanions(
    stage: Stage,
    units: readonly Unit[],
    resumed: Progress['last'],
    limit: number,
  ): Promise<Map<number, { item: Omit<Item, 'stage' | 'progress'>; place: NonNullable<Progress['last']> }[]>> {
    const found = new Map<number, { item: Omit<Item, 'stage' | 'progress'>; place: NonNullable<Progress['last']> }[]>();
    const { messages, orders, customer } = stage.with;
    if (units.length === 0 || !(messages || orders || customer)) return found;
    const visible = sql`log.scope_left = '' and not log.deleted and ${isVisibleSql(this.#context.scopes)}`;
    // Where nothing of the unit was given yet, everything lies behind this.
    const behind = resumed ?? { rank: 0, at: Number.MAX_SAFE_INTEGER, id: '' };
    const result = await sql<{
      ord: number;
      rank: number;
      at: number;
      id: string;
      collection: string;
      seq: number;
      created_seq: number;
      scopes: string[];
    }>`
      ${sql.raw(PREPARED)} select unit.ord, item.* from unnest(
        ${units.map((unit) => unit.id)}::text[], ${units.map((unit) => unit.customerId)}::text[],
        ${units.map((unit) => unit.key)}::bigint[]) with ordinality as unit (id, customer_id, key, ord)
      cross join lateral (
        select 1 as rank, 0::bigint as at, log.id, log.collection, log.seq, log.created_seq, log.scopes
        from change_log log
        where ${customer} and log.collection = 'customer' and log.id = unit.customer_id and ${visible}
          and not ${stage.customerGiven}
        union all
        select 2, o.placed_at, o.id, log.collection, log.seq, log.created_seq, log.scopes
        from orders o join change_log log on log.collection = 'order' and log.id = o.id
        where ${orders} and o.customer_id = unit.customer_id and ${visible} and not ${stage.customerGiven}
        union all
        (select 3, m.sent_at, m.id, log.collection, log.seq, log.created_seq, log.scopes
        from messages m join change_log log on log.collection = 'message' and log.id = m.id
        where ${messages} and m.conversation_id = unit.id and ${visible}
          and (m.sent_at, m.id) < (${behind.rank === 3 ? behind.at : Number.MAX_SAFE_INTEGER}::bigint, ${behind.id})
        order by m.sent_at desc, m.id desc limit ${limit})
      ) item
      where item.rank > ${behind.rank} or (item.rank = ${behind.rank} and (item.at, item.id) < (${behind.at}::bigint, ${behind.id}))
      order by unit.ord, item.rank, item.at desc, item.id desc limit ${limit}`.execute(this.#tx);
    for (const row of result.rows) {
      const { collection, id, seq, scopes, rank, at } = row;
      const item = { collection, id, seq, createdSeq: row.created_seq, scopes };
      const list = found.get(row.ord - 1) ?? [];
      list.push({ item, place: { rank, at, id } });
      found.set(row.ord - 1, list);
    }
    return found;
  }
}

/** The items as JSON text, as many as `MAX_STORED_BYTES` let pass and at least one; null for one that is gone. */
async function readBodies(tx: Tx, items: readonly Item[], scopes: Scopes): Promise<(string | null)[]> {
  if (items.length === 0) return [];
  const result = await sql<{ doc: string | null }>`
    ${sql.raw(PREPARED)} with page as (
      select * from unnest(${items.map((item) => item.collection)}::text[], ${items.map((item) => item.id)}::text[],
        ${items.map((item) => item.createdSeq)}::bigint[], ${items.map((item) => item.seq)}::bigint[])
        with ordinality as given (collection, id, created_seq, seq, ord)
    ), bodies as (
      select page.*, ${documentBody} as body from page
    ), measured as (
      select *, sum(pg_column_size(body)) over (order by ord rows between unbounded preceding and 1 preceding) as bytes_before
      from bodies
    )
    select (body || jsonb_build_object('createdSeq', created_seq))::text as doc
    from measured where coalesce(bytes_before, 0) < ${MAX_STORED_BYTES} order by ord`.execute(tx);
  return result.rows.map(({ doc }, index) => (doc === null ? null : toItemText(items[index] as Item, doc, scopes)));
}

function toItemText(item: Item, doc: string, reader: Scopes): string {
  const { seq, createdSeq, collection, id } = item;
  // Messages are seen with their conversation.
  const scopes = collection === 'message' ? undefined : visibleScopes(item.scopes, reader);
  return `${JSON.stringify({ seq, createdSeq, collection, id, scopes }).slice(0, -1)},"doc":${doc}}`;
}
