import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { AccountDirectory, ConnectedAccount } from '../accounts/account-directory.ts';
import { noteSendResult } from '../accounts/send-health.ts';
import type { OutboundMessage, SendResult } from '../connector.ts';
import type { Db } from '../db/database.ts';
import type { FileStore } from '../files/file-store.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { ChangeBus } from '../replication/change-log.ts';
import { fetchAttachment, giveUpAttachment } from './fetch-attachment.ts';
import { type ClaimedEffect, claimEffects, expireLeases, settleEffect, toSettlement } from './ledger.ts';

export interface OutboundDeps {
  db: Db;
  accounts: AccountDirectory;
  files: FileStore;
  bus: ChangeBus;
  metrics: Metrics;
  log: Logger;
  now: () => number;
  random: () => number;
  /** Names this process in the ledger. */
  node: string;
  /** How long a platform may take to answer. */
  sendTimeoutMs?: number;
}

const DEFAULT_SEND_TIMEOUT_MS = 15_000;
// On top of the send itself, time for a slow database to take the outcome before others call it unknown.
const SETTLE_MS = 5_000;
const MAX_CONCURRENT = 16;
const LOOK_MS = 500;
const EXPIRE_MS = 5_000;

/**
 * Carries effects out: messages to platforms, files from them. Everything durable is in the ledger; this worker can die
 * at any line and another goes on (R11).
 *
 * Crash points: before `attempting` is committed nothing left; after it and before the outcome is written the lease lapses
 * and the outcome is `unknown`; after it the ledger says what happened.
 */
export class OutboundWorker {
  readonly #deps: OutboundDeps;
  readonly #sendTimeoutMs: number;
  readonly #leaseMs: number;
  readonly #stop = new AbortController();
  readonly #pausedUntil = new Map<string, number>();
  readonly #running = new Set<Promise<void>>();
  #loop: Promise<unknown> = Promise.resolve();
  #wakeUp: (() => void) | null = null;
  #hinted = false;

  constructor(deps: OutboundDeps) {
    this.#deps = deps;
    this.#sendTimeoutMs = deps.sendTimeoutMs ?? DEFAULT_SEND_TIMEOUT_MS;
    this.#leaseMs = 2 * this.#sendTimeoutMs + SETTLE_MS;
  }

  start(): void {
    this.#loop = Promise.all([this.#run(), this.#expireForever()]);
  }

  /** Lets attempts under way end: their outcome is worth more than a quick exit. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.wake();
    await this.#loop;
    await Promise.allSettled(this.#running);
  }

  wake(): void {
    this.#hinted = true;
    this.#wakeUp?.();
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#hinted = false;
      const room = MAX_CONCURRENT - this.#running.size;
      const claimed = room > 0 ? await this.#claim(room) : 0;
      if (claimed === 0 && !this.#hinted) await this.#pause(LOOK_MS);
    }
  }

  async #pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wakeUp = null;
  }

  async #claim(limit: number): Promise<number> {
    const now = this.#deps.now();
    const paused = [...this.#pausedUntil].filter(([, until]) => until > now).map(([id]) => id);
    try {
      const { claimed, head } = await claimEffects(this.#deps.db, this.#deps.node, now, this.#leaseMs, limit, paused);
      this.#deps.bus.announce(head);
      for (const effect of claimed) {
        const running = this.#carryOut(effect).finally(() => {
          this.#running.delete(running);
          this.wake();
        });
        this.#running.add(running);
      }
      return claimed.length;
    } catch (error) {
      this.#deps.log.warn({ event: 'outbound.unavailable', err: error }, 'messages wait until the database answers');
      return 0;
    }
  }

  async #carryOut(effect: ClaimedEffect): Promise<void> {
    const { db, bus, log, now, random, metrics } = this.#deps;
    const signal = AbortSignal.timeout(this.#sendTimeoutMs);
    const result =
      effect.kind === 'send-message'
        ? await this.#send(effect, signal)
        : await fetchAttachment(this.#deps, effect, signal);
    if (effect.kind === 'send-message') metrics.sends.inc({ outcome: result.status });
    if (effect.kind === 'send-message' && result.status === 'failed' && result.retryAfterMs !== undefined) {
      // The platform's limit is the account's, not this message's: the others wait with it.
      this.#pausedUntil.set(effect.account_id, now() + result.retryAfterMs);
    }
    const settlement = toSettlement(result, effect.attempts, now(), random);
    for (;;) {
      try {
        if (effect.kind === 'fetch-attachment' && settlement.state === 'failed')
          await giveUpAttachment(this.#deps, effect, settlement.failure.text);
        bus.announce(await settleEffect(db, effect, settlement, { ...result }, now()));
        break;
      } catch (error) {
        log.warn(
          { event: 'outbound.settle-retry', effect: effect.key, err: error },
          'an outcome could not be written yet',
        );
        if (this.#stop.signal.aborted) return; // the lease lapses and the outcome becomes `unknown`, which is honest
        await sleep(LOOK_MS);
      }
    }
    if (effect.kind === 'send-message') await this.#noteHealth(effect.account_id, result);
  }

  /** For the settings page; the message itself has its outcome already. */
  async #noteHealth(accountId: string, result: SendResult): Promise<void> {
    try {
      await noteSendResult(this.#deps.db, accountId, result, this.#deps.now());
    } catch (error) {
      this.#deps.log.warn({ event: 'outbound.health-unknown', accountId, err: error }, 'what a send told was not kept');
    }
  }

  async #send(effect: ClaimedEffect, signal: AbortSignal): Promise<SendResult> {
    let outgoing: OutboundMessage | null;
    let account: ConnectedAccount | undefined;
    try {
      outgoing = await this.#load(effect);
      account = await this.#deps.accounts.find(effect.account_id);
    } catch (error) {
      // Nothing has left yet: reading our own data failed.
      this.#deps.log.warn(
        { event: 'outbound.load-failed', effect: effect.key, err: error },
        'a message could not be read',
      );
      return {
        status: 'failed',
        reason: { kind: 'internal', text: 'The message could not be read on the server.' },
        retryable: true,
      };
    }
    if (!outgoing || !account) {
      return {
        status: 'failed',
        reason: { kind: 'no-account', text: 'The channel account is not connected any more.' },
        retryable: false,
      };
    }
    try {
      return await account.send(outgoing, signal);
    } catch (error) {
      // A connector reports what it knows; what it throws is a fault of ours after the request may have left.
      this.#deps.log.error(
        { event: 'outbound.fault', effect: effect.key, err: error },
        'a connector failed unexpectedly',
      );
      return { status: 'unknown', reason: 'The connector failed while sending.' };
    }
  }

  async #load(effect: ClaimedEffect): Promise<OutboundMessage | null> {
    const row = await this.#deps.db
      .selectFrom('messages')
      .select('doc')
      .where('id', '=', effect.message_id)
      .executeTakeFirst();
    if (!row || row.doc.externalId === null) return null;
    const attachments = [];
    for (const one of row.doc.attachments) {
      if (one.sha256 === null) continue;
      attachments.push({
        name: one.name,
        contentType: one.contentType,
        content: await this.#deps.files.readFile(one.sha256),
      });
    }
    return { message: row.doc, externalId: row.doc.externalId, attachments };
  }

  async #expireForever(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        const { accounts, bus, db, now } = this.#deps;
        const idempotent = accounts.list().filter((account) => account.capabilities?.idempotentSend);
        const ids = idempotent.map((account) => account.id);
        bus.announce(await expireLeases(db, now(), ids));
      } catch (error) {
        this.#deps.log.warn({ event: 'outbound.expire-failed', err: error }, 'lapsed attempts could not be looked at');
      }
      await sleep(EXPIRE_MS, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }
}
