import { AsyncLocalStorage } from 'node:async_hooks';
import type { World } from './world.ts';

/**
 * One simulated process: a server node or a console. Everything the product does inside it carries it along, so that its
 * clock, its timers and its connections are its own, and so that it can die at any instant.
 */
export class SimProcess {
  readonly world: World;
  readonly name: string;
  /** By how much its clock is wrong. */
  readonly skewMs: number;
  readonly random: () => number;
  #alive = true;
  readonly #onDeath: (() => void)[] = [];

  constructor(world: World, name: string, random: () => number, skewMs = 0) {
    this.world = world;
    this.name = name;
    this.random = random;
    this.skewMs = skewMs;
  }

  get alive(): boolean {
    return this.#alive;
  }

  now(): number {
    return this.world.clock.nowMs + this.skewMs;
  }

  run<T>(work: () => T): T {
    return running.run(this, work);
  }

  onDeath(handle: () => void): void {
    this.#onDeath.push(handle);
  }

  /** Nothing it still has under way will happen; what it has asked for already may. */
  die(): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.world.scheduler.forget(this);
    this.world.clock.forget(this);
    for (const handle of this.#onDeath) handle();
  }
}

const running = new AsyncLocalStorage<SimProcess>();

/** The simulated process whose code runs now; undefined for the simulation itself. */
export function currentProcess(): SimProcess | undefined {
  return running.getStore();
}

export function requireProcess(): SimProcess {
  const process = currentProcess();
  if (!process) throw new Error('the product runs outside of a simulated process');
  return process;
}

/** Leaves the simulated process, for what belongs to the simulation: real connections, real waits. */
export function outsideProcess<T>(work: () => T): T {
  return running.exit(work);
}
