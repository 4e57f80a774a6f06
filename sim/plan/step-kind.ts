import type { Simulation } from '../simulation.ts';

/** A kind of step: how often it comes in every plan, and what it does. */
export interface StepKind {
  times: number;
  perform(sim: Simulation, random: () => number): void | Promise<void>;
}
