import { setTimeout as sleep } from 'node:timers/promises';
import { Clock } from './clock.ts';
import { Connections } from './connections.ts';
import { Network } from './network.ts';
import { Platforms } from './platforms.ts';
import { Scheduler, type Task } from './scheduler.ts';
import type { SimProcess } from './sim-process.ts';
import { Statements } from './statements.ts';

/** 2027: far from every limit of the product's clocks. */
export const WORLD_STARTS_AT = 1_800_000_000_000;

/** Everything around the simulated processes: time, the database's connections, the network, the platforms. */
export class World {
  readonly scheduler = new Scheduler();
  readonly clock: Clock;
  readonly connections: Connections;
  readonly statements: Statements;
  readonly network: Network;
  readonly platforms: Platforms;
  /** What a process tells in its console. */
  onWarning: ((owner: SimProcess, text: string) => void) | null = null;
  /** Whether consoles' writes wait for their turn too. */
  disksAreSlow = false;

  constructor(databaseUrl: string, startMs = WORLD_STARTS_AT) {
    this.clock = new Clock(this.scheduler, startMs);
    this.connections = new Connections(databaseUrl);
    this.statements = new Statements(this.scheduler, this.connections);
    this.network = new Network(this.scheduler);
    this.platforms = new Platforms(this);
  }

  /** Lets things happen until the promise has settled. */
  async drive<T>(promise: Promise<T>, random: () => number, accepts?: (task: Task) => boolean): Promise<T> {
    let settled = false;
    const done = () => {
      settled = true;
    };
    promise.then(done, done);
    let idle = 0;
    while (!settled) {
      if (await this.scheduler.step(random, accepts)) {
        idle = 0;
        continue;
      }
      // Real work outside of the world, such as hashing a password, takes real time.
      await sleep(1);
      idle += 1;
      if (idle > 3_000 && this.clock.nextDueMs !== null) this.clock.advance(this.clock.nextDueMs - this.clock.nowMs);
      if (idle > 20_000) throw new Error(await this.#describeStandstill());
    }
    return promise;
  }

  async #describeStandstill(): Promise<string> {
    const tasks = this.scheduler.tasks.map(
      ({ owner, kind, label }) => `waiting: ${owner?.name} ${kind} ${label.slice(0, 80)}`,
    );
    const lines = [...tasks, await this.statements.describe()].join('\n    ');
    return `nothing happens any more, and something is still waited for:\n    ${lines}`;
  }

  async close(): Promise<void> {
    await this.connections.close();
  }
}
