import type { Scheduler } from './scheduler.ts';
import type { SimProcess } from './sim-process.ts';

interface Timer {
  owner: SimProcess;
  dueMs: number;
  label: string;
  run(): void;
  cancelled: boolean;
}

/** Simulated time. It stands still until it is moved; timers that became due then are tasks like all others. */
export class Clock {
  #nowMs: number;
  readonly #scheduler: Scheduler;
  readonly #timers = new Set<Timer>();

  constructor(scheduler: Scheduler, startMs: number) {
    this.#scheduler = scheduler;
    this.#nowMs = startMs;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** The next instant at which something wakes up; null when nothing waits for time to pass. */
  get nextDueMs(): number | null {
    let next: number | null = null;
    for (const { dueMs } of this.#timers) if (next === null || dueMs < next) next = dueMs;
    return next;
  }

  /** Returns a function that cancels. */
  schedule(owner: SimProcess, delayMs: number, label: string, run: () => void): () => void {
    const timer: Timer = { owner, dueMs: this.#nowMs + Math.max(1, delayMs), label, run, cancelled: false };
    if (owner.alive) this.#timers.add(timer);
    return () => {
      timer.cancelled = true;
      this.#timers.delete(timer);
    };
  }

  forget(owner: SimProcess): void {
    for (const timer of this.#timers) if (timer.owner === owner) this.#timers.delete(timer);
  }

  advance(ms: number): void {
    this.#nowMs += ms;
    for (const timer of [...this.#timers].sort((left, right) => left.dueMs - right.dueMs)) {
      if (timer.dueMs > this.#nowMs) break;
      this.#timers.delete(timer);
      this.#scheduler.add({ owner: timer.owner, kind: 'timer', label: timer.label, run: () => fire(timer) });
    }
  }
}

function fire(timer: Timer): void {
  if (!timer.cancelled) timer.owner.run(timer.run);
}
