import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { AccountDirectory } from '../accounts/account-directory.ts';
import type { Db } from '../db/database.ts';
import type { ProcessingEngine } from './engine.ts';

// Two batches at once keep the database busy while the other one parses; more only wait for the change-log lock.
const WORKERS = 2;
// A claim leaves lanes for the other worker, also when all the work is one account's.
const LANES_PER_CLAIM = 24;
// Hints come from our own ingest; the sweep finds what a crash or another node's fault left behind.
const SWEEP_MS = 2_000;
const BACKOFF_MS = 500;

/**
 * Decides whose events are processed next: accounts take turns, so one busy account never starves another, and a lane is
 * worked on by one worker at a time.
 */
export class LaneScheduler {
  readonly #engine: ProcessingEngine;
  readonly #accounts: AccountDirectory;
  readonly #db: Db;
  readonly #log: Logger;
  /** Insertion order is the turn order: an account served goes to the end. */
  readonly #ready = new Map<string, Set<number>>();
  readonly #busy = new Map<string, Set<number>>();
  readonly #idle: (() => void)[] = [];
  readonly #stop = new AbortController();
  #paused = false;
  #running: Promise<unknown> = Promise.resolve();

  constructor(engine: ProcessingEngine, accounts: AccountDirectory, db: Db, log: Logger) {
    this.#engine = engine;
    this.#accounts = accounts;
    this.#db = db;
    this.#log = log;
  }

  start(): void {
    const workers = Array.from({ length: WORKERS }, () => this.#work());
    this.#running = Promise.all([...workers, this.#sweepForever()]);
  }

  /** Resolves when the batches under way have been committed. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wakeWorkers();
    await this.#running;
  }

  /** Holds processing back, for benchmarks of ingest alone and for repairs; what arrives is kept. */
  setPaused(paused: boolean): void {
    this.#paused = paused;
    this.#wakeWorkers();
  }

  wake(accountId: string, lane: number): void {
    const lanes = this.#ready.get(accountId);
    if (lanes) lanes.add(lane);
    else this.#ready.set(accountId, new Set([lane]));
    this.#idle.pop()?.();
  }

  #wakeWorkers(): void {
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #work(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const claim = this.#paused ? null : this.#nextClaim();
      if (!claim) {
        await new Promise<void>((resolve) => this.#idle.push(resolve));
        continue;
      }
      await this.#serve(claim.accountId, claim.lanes);
    }
  }

  #nextClaim(): { accountId: string; lanes: number[] } | null {
    for (const [accountId, ready] of this.#ready) {
      const busy = this.#busy.get(accountId);
      const lanes = [...ready].filter((lane) => !busy?.has(lane)).slice(0, LANES_PER_CLAIM);
      if (lanes.length === 0) continue;
      for (const lane of lanes) ready.delete(lane);
      this.#ready.delete(accountId);
      if (ready.size > 0) this.#ready.set(accountId, ready);
      return { accountId, lanes };
    }
    return null;
  }

  async #serve(accountId: string, lanes: readonly number[]): Promise<void> {
    const account = this.#accounts.get(accountId);
    if (!account) return; // the directory does not know it yet: the sweep comes back to it
    const busy = this.#busy.get(accountId) ?? new Set();
    this.#busy.set(accountId, busy);
    for (const lane of lanes) busy.add(lane);
    let again = false;
    try {
      again = (await this.#engine.processBatch(account, lanes)).more;
    } catch (error) {
      this.#log.warn(
        { event: 'processing.unavailable', accountId, err: error },
        'events wait until the database answers',
      );
      await sleep(BACKOFF_MS, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      again = true;
    } finally {
      for (const lane of lanes) busy.delete(lane);
    }
    if (again) for (const lane of lanes) this.wake(accountId, lane);
    // Hints that came for these lanes while they were busy are served now.
    else if (this.#ready.has(accountId)) this.#idle.pop()?.();
  }

  async #sweepForever(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#sweep();
      } catch (error) {
        this.#log.warn({ event: 'processing.sweep-failed', err: error }, 'looking for waiting events failed');
      }
      await sleep(SWEEP_MS, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  async #sweep(): Promise<void> {
    for (const { account_id: accountId, lane } of await readPendingLanes(this.#db)) {
      if (!this.#busy.get(accountId)?.has(lane)) this.wake(accountId, lane);
    }
  }
}

/** The lanes in which events wait. One probe of the index for each, however many events wait in it. */
async function readPendingLanes(db: Db): Promise<{ account_id: string; lane: number }[]> {
  const { rows } = await sql<{ account_id: string; lane: number }>`
    with recursive waiting as (
      (select account_id, lane from inbound_states where state = 'pending' order by account_id, lane limit 1)
      union all
      select next.account_id, next.lane from waiting cross join lateral (
        select account_id, lane from inbound_states
        where state = 'pending' and (account_id, lane) > (waiting.account_id, waiting.lane)
        order by account_id, lane limit 1
      ) next
    )
    select account_id, lane from waiting`.execute(db);
  return rows;
}
