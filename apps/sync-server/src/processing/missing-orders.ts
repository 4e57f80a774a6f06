import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ConnectedAccount } from '../accounts/connected-account.ts';
import { type IncomingOrder, PlatformError } from '../connector.ts';
import type { Db } from '../db/database.ts';
import { backoffMs } from '../domain/backoff.ts';
import { type ApplyReadOrderDeps, applyReadOrder } from './apply-read-order.ts';

export interface MissingOrdersDeps extends ApplyReadOrderDeps {
  db: Db;
  log: Logger;
  random: () => number;
}

// The order's own webhook is usually on its way: asking the shop at once would mostly be for nothing.
const PATIENCE_MS = 1_000;
const READ_TIMEOUT_MS = 15_000;
const MAX_ATTEMPTS = 4;
const MAX_CONCURRENT = 2;
// A shop connected in the middle of its life may name more; the next event of such an order asks again.
const MAX_WAITING = 1_000;

interface Missing {
  account: ConnectedAccount;
  externalId: string;
}

/**
 * Asks shops for orders of which only parts came: a refund or fulfilment of an order placed before the shop was connected,
 * or whose webhook was lost. Best effort, apart from the lanes: what is not read here comes with the order's next webhook.
 */
export class MissingOrders {
  readonly #deps: MissingOrdersDeps;
  readonly #waiting = new Map<string, Missing>();
  readonly #running = new Set<Promise<void>>();
  readonly #stop = new AbortController();

  constructor(deps: MissingOrdersDeps) {
    this.#deps = deps;
  }

  /** Takes note and returns at once. Accounts that may not read orders are passed over. */
  ask(account: ConnectedAccount, externalId: string): void {
    if (account.readOrder === null || this.#waiting.size >= MAX_WAITING || this.#stop.signal.aborted) return;
    this.#waiting.set(`${account.id} ${externalId}`, { account, externalId });
    if (this.#running.size >= MAX_CONCURRENT) return;
    const running = this.#work().finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Gives up what is under way. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  async #work(): Promise<void> {
    for (;;) {
      const [next] = this.#waiting;
      if (!next || this.#stop.signal.aborted) return;
      this.#waiting.delete(next[0]);
      await this.#fetch(next[1]);
    }
  }

  async #fetch(missing: Missing): Promise<void> {
    const { log, random } = this.#deps;
    let waitMs = PATIENCE_MS;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      try {
        await sleep(waitMs, undefined, { signal: this.#stop.signal });
        if (await this.#isKnown(missing)) return;
        const order = await this.#read(missing);
        if (order) await applyReadOrder(this.#deps, missing.account, order);
        return;
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        const { account } = missing;
        log.warn(
          { event: 'orders.read-failed', accountId: account.id, attempt, err: error },
          'an order could not be read from its shop',
        );
        if (!isWorthRepeating(error)) return;
        const asked = error instanceof PlatformError ? error.retryAfterMs : null;
        waitMs = backoffMs(attempt, random, asked ?? 0);
      }
    }
  }

  async #isKnown({ account, externalId }: Missing): Promise<boolean> {
    const row = await this.#deps.db
      .selectFrom('orders')
      .select('id')
      .where('store_id', '=', account.id)
      .where('external_id', '=', externalId)
      .executeTakeFirst();
    return row !== undefined;
  }

  async #read({ account, externalId }: Missing): Promise<IncomingOrder | null> {
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(READ_TIMEOUT_MS)]);
    const order = (await account.readOrder?.(externalId, signal)) ?? null;
    // An answer about another order would be stored under that one's name.
    return order?.externalId === externalId ? order : null;
  }
}

/** A refused token or an unreadable order stays so; limits, faults and lost connections pass. */
function isWorthRepeating(error: unknown): boolean {
  if (error instanceof PlatformError) return error.status === null || error.status === 429 || error.status >= 500;
  return (error as { code?: unknown }).code !== undefined; // the database's
}
