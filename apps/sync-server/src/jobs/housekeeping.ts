import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Db } from '../db/database.ts';
import { writeConversations } from '../db/documents.ts';
import { runWrites } from '../db/writes.ts';
import { wakeConversation } from '../domain/conversation-life.ts';
import { appendChanges, type ChangeBus, headOf } from '../replication/change-log.ts';
import { forgetOld } from './forget.ts';

interface HousekeepingDeps {
  db: Db;
  bus: ChangeBus;
  log: Logger;
  now: () => number;
  /** How long deletions are remembered. */
  tombstoneDays: number;
}

const ROUND_MS = 5_000;
// Each round forgets faster than the busiest desk takes in, and stays far below the time limit of a statement.
const PURGE_SLICE = 50_000;
// Longer than any account may set `maxAgeSeconds`: a token older than this is refused for its timestamp alone.
export const TOKEN_RETENTION_MS = 8 * 86_400_000;
/** A device that comes back later than this only locks. */
const ENDED_SESSION_RETENTION_MS = 365 * 86_400_000;

/** Brings back snoozed conversations whose time has come. @returns the change-log head to announce. */
export async function wakeSnoozed(db: Db, nowMs: number): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('conversations')
      .select('doc')
      .where('status', '=', 'snoozed')
      .where('snoozed_until', '<=', nowMs)
      .orderBy('id')
      .limit(200)
      .forUpdate()
      .skipLocked()
      .execute();
    const woken = rows.map((row) => wakeConversation(row.doc));
    await runWrites(tx, [writeConversations(woken, nowMs)]);
    const entries = rows.map((row) => ({
      collection: 'conversation' as const,
      id: row.doc.id,
      scopes: null,
    }));
    return headOf(await appendChanges(tx, entries, nowMs));
  });
}

/**
 * Forgets what no longer protects anything: old one-time tokens, ended sessions, old login failures.
 *
 * @returns false when there are more tokens to forget: after a long stop they may be too many for one statement.
 */
export async function purgeExpired(db: Db, nowMs: number): Promise<boolean> {
  const tokens = await sql`
    delete from used_tokens where ctid = any(array(
      select ctid from used_tokens where seen_at < ${nowMs - TOKEN_RETENTION_MS} limit ${PURGE_SLICE}))`.execute(db);
  await db.deleteFrom('sessions').where('expires_at', '<', nowMs).execute();
  await db
    .deleteFrom('ended_sessions')
    .where('ended_at', '<', nowMs - ENDED_SESSION_RETENTION_MS)
    .execute();
  await db
    .deleteFrom('login_failures')
    .where('blocked_until', '<', nowMs)
    .where('first_at', '<', nowMs - 86_400_000)
    .execute();
  return Number(tokens.numAffectedRows) < PURGE_SLICE;
}

/** Work that time causes, on every node; rows are claimed, so that two nodes never do the same. */
export class Housekeeping {
  readonly #deps: HousekeepingDeps;
  readonly #stop = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  constructor(deps: HousekeepingDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    let purgedAt = 0;
    while (!this.#stop.signal.aborted) {
      const now = this.#deps.now();
      try {
        this.#deps.bus.announce(await wakeSnoozed(this.#deps.db, now));
        if (now - purgedAt > 3_600_000) {
          await forgetOld(this.#deps.db, now, this.#deps.tombstoneDays);
          if (await purgeExpired(this.#deps.db, now)) purgedAt = now;
        }
      } catch (error) {
        this.#deps.log.warn(
          { event: 'housekeeping.failed', err: error },
          'housekeeping waits until the database answers',
        );
      }
      await sleep(ROUND_MS, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }
}
