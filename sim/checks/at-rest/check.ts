import type pg from 'pg';
import type { Simulation } from '../../simulation.ts';

/** What must be true whenever everything has come to rest. */
export interface Check {
  rule: string;
  /** @returns one sentence for each thing that is wrong. */
  find(sim: Simulation, database: pg.Client): Promise<string[]>;
}
