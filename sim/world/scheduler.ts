import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { SimProcess } from './sim-process.ts';

/** Something that may happen next. */
export interface Task {
  /** Whose it is: it dies with the process. Null: nobody's. */
  owner: SimProcess | null;
  kind: 'statement' | 'store' | 'network' | 'timer' | 'platform';
  label: string;
  run(): void | Promise<void>;
}

/** Turns of the event loop in which nothing new may come before all is taken to be at rest. */
const QUIET_TURNS = 6;

/**
 * The one place where it is decided what happens next. All that crosses the edge of a process waits here as a task; one task
 * runs at a time, until everything it set in motion waits here again.
 */
export class Scheduler {
  readonly #tasks: Task[] = [];
  #activity = 0;
  #ran = 0;
  readonly #trace = createHash('sha256');
  /** Told of every task before it runs, as a line of text. */
  onTask: ((line: string) => void) | null = null;

  get tasks(): readonly Task[] {
    return this.#tasks;
  }

  get ran(): number {
    return this.#ran;
  }

  /** Two runs with the same trace did the same, in the same order. */
  get trace(): string {
    return this.#trace.copy().digest('hex').slice(0, 10);
  }

  add(task: Task): void {
    this.#activity += 1;
    if (task.owner && !task.owner.alive) return;
    this.#tasks.push(task);
  }

  remove(task: Task): void {
    const index = this.#tasks.indexOf(task);
    if (index >= 0) this.#tasks.splice(index, 1);
  }

  /** Drops what a dead process had asked for. */
  forget(owner: SimProcess): void {
    for (let index = this.#tasks.length - 1; index >= 0; index--) {
      if (this.#tasks[index]?.owner === owner) this.#tasks.splice(index, 1);
    }
  }

  /** Something is under way that is no task; whoever waits for rest waits for it too. */
  noteActivity(): void {
    this.#activity += 1;
  }

  /** @returns false when nothing waits. */
  async step(random: () => number, accepts: (task: Task) => boolean = () => true): Promise<boolean> {
    const candidates = this.#tasks.every(accepts) ? this.#tasks : this.#tasks.filter(accepts);
    // Chance is asked only where there is a choice: how often nothing waited depends on real time.
    if (candidates.length === 0) return false;
    const task = candidates[Math.floor(random() * candidates.length)];
    if (!task) return false;
    this.remove(task);
    await this.#run(task);
    return true;
  }

  async #run(task: Task): Promise<void> {
    this.#ran += 1;
    const line = `${task.owner?.name} ${task.kind} ${task.label}`;
    this.#trace.update(`${line}\n`);
    this.onTask?.(line);
    await task.run();
    await this.rest();
  }

  /** Resolves when all that runs waits for a task. */
  async rest(): Promise<void> {
    let quiet = 0;
    let seen = this.#activity;
    while (quiet < QUIET_TURNS) {
      await turn();
      if (quiet + 1 === QUIET_TURNS && isReadingFiles()) continue;
      quiet = this.#activity === seen ? quiet + 1 : 0;
      seen = this.#activity;
    }
  }
}

/** Files are the one thing that the product itself waits for outside of the world. */
function isReadingFiles(): boolean {
  return process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));
}
