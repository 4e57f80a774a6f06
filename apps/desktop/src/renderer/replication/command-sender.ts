import type { CommandReason, CommandResult } from '@tradewind/shared/protocol/commands';
import type { FieldError } from '@tradewind/shared/protocol/errors';
import type { OutboxEntry } from '../db/documents.ts';
import type { Backoff } from './backoff.ts';
import type { Outbox } from './outbox.ts';
import type { Schedule, SyncTransport, TransportFailure } from './transport.ts';

export const MAX_BATCH = 50;

export interface CommandSenderOptions {
  outbox: Outbox;
  transport: Pick<SyncTransport, 'sendCommands'>;
  backoff: Backoff;
  schedule: Schedule;
  /** The replica's epoch, recorded with each answer. */
  epoch(): number;
  /** The ids on their way to the server right now. */
  onInFlight(ids: readonly string[]): void;
  onServerTime(serverTime: number, roundTripMs: number): void;
  /** The sender has stopped until `kick`: the session ended, or the server refuses our version. */
  onStopped(kind: 'unauthenticated' | 'outdated'): void;
}

/**
 * Sends the queue, one batch at a time and in order. A command that may or may not have arrived is sent again under its
 * id: the server applies it at most once (R8). There is one sender per device, in the leading tab.
 */
export class CommandSender {
  readonly #options: CommandSenderOptions;
  readonly #abort = new AbortController();
  readonly #unsubscribe: () => void;
  #running: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  #cancelRetry: (() => void) | null = null;
  /** Halved while a batch as a whole is refused, until the one command at fault is found. */
  #batchSize = MAX_BATCH;

  constructor(options: CommandSenderOptions) {
    this.#options = options;
    this.#unsubscribe = options.outbox.onChange(() => this.#wake());
  }

  /** Tries now, whatever wait is under way: contact is back, or the same agent has logged in again. */
  kick(): void {
    this.#stopped = false;
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    this.#options.backoff.reset();
    this.#wake();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelRetry?.();
    this.#cancelRetry = null;
  }

  /** Resolves when nothing is being recorded any more. An answer under way is lost and asked for again next time. */
  async close(): Promise<void> {
    this.stop();
    this.#unsubscribe();
    this.#abort.abort();
    await this.#running;
  }

  #wake(): void {
    if (this.#running) {
      this.#again = true;
      return;
    }
    if (this.#stopped || this.#cancelRetry) return;
    this.#running = this.#drain()
      // The local store failed: nothing is lost, the queue is read again after a while.
      .catch(() => this.#retryIn(this.#options.backoff.next()))
      .finally(() => {
        this.#running = null;
        if (this.#abort.signal.aborted) return;
        this.#options.onInFlight([]);
        if (!this.#again) return;
        this.#again = false;
        this.#wake();
      });
  }

  async #drain(): Promise<void> {
    const { outbox, transport, backoff } = this.#options;
    await outbox.loaded;
    while (!this.#stopped && !this.#cancelRetry) {
      this.#again = false;
      const batch = outbox.waiting.slice(0, this.#batchSize);
      if (batch.length === 0) return;
      this.#options.onInFlight(batch.map(({ id }) => id));
      const answer = await transport.sendCommands(
        batch.map(({ command }) => command),
        this.#abort.signal,
      );
      if (this.#abort.signal.aborted) return;
      if (!answer.ok) {
        await this.#handleFailure(answer.failure, batch);
        continue;
      }
      this.#options.onServerTime(answer.value.serverTime, answer.roundTripMs);
      await outbox.settle(answer.value.results, this.#options.epoch());
      const answered = new Set(answer.value.results.map(({ id }) => id));
      if (batch.some(({ id }) => !answered.has(id))) {
        this.#retryIn(backoff.next());
        continue;
      }
      backoff.reset();
      this.#batchSize = MAX_BATCH;
    }
  }

  async #handleFailure(failure: TransportFailure, batch: readonly OutboxEntry[]): Promise<void> {
    const { outbox, backoff } = this.#options;
    if (failure.kind === 'unauthenticated' || failure.kind === 'outdated') {
      this.stop();
      this.#options.onStopped(failure.kind);
    } else if (failure.kind === 'refused') {
      const [only] = batch;
      if (only && batch.length === 1) {
        await outbox.settle([toRefusal(only.id, failure.errors)], this.#options.epoch());
        this.#batchSize = MAX_BATCH;
      } else {
        this.#batchSize = Math.ceil(batch.length / 2);
      }
    } else {
      this.#retryIn(Math.max(backoff.next(), failure.kind === 'busy' ? (failure.retryAfterMs ?? 0) : 0));
    }
  }

  #retryIn(delayMs: number): void {
    if (this.#stopped) return;
    this.#options.onInFlight([]);
    this.#cancelRetry?.();
    this.#cancelRetry = this.#options.schedule(delayMs, () => {
      this.#cancelRetry = null;
      this.#wake();
    });
  }
}

/** The server could not even read this command; without this answer it would hold up all later ones for ever. */
function toRefusal(id: string, errors: readonly FieldError[]): CommandResult {
  const reason: CommandReason = { kind: 'invalid', errors: errors.map(({ path, message }) => ({ path, message })) };
  return { id, status: 'rejected', seq: null, reason };
}
