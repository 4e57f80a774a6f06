import { writeFile } from 'node:fs/promises';
import { createRandom } from '../packages/shared/src/testing/random.ts';
import type { DeviceCode } from './cast/device-code.ts';
import type { Stage } from './cast/stage.ts';
import { checksAtRest } from './checks/at-rest/all.ts';
import type { Witness } from './model/witness.ts';
import { planOf, type Step } from './plan/plan.ts';
import { Simulation } from './simulation.ts';

export interface SeedResult {
  seed: number;
  violations: readonly string[];
  counts: Witness['counts'];
  /** How many steps it took to fail, or all. */
  steps: number;
  tasks: number;
  /** The same for two runs in which the same happened in the same order. */
  trace: string;
  ms: number;
}

/** Steps after which everything comes to rest and is checked, beside the end. */
const CHECK_EVERY = 250;

/**
 * Runs one seed.
 *
 * @param steps - the whole plan, or what is left of it.
 */
export async function runSeed(
  seed: number,
  stage: Stage,
  code: readonly DeviceCode[],
  steps: readonly Step[] = planOf(seed),
): Promise<SeedResult> {
  const startedAt = performance.now();
  const name = `sim_${seed}_${Math.floor(startedAt)}`;
  const sim = new Simulation(seed, stage, code, await stage.createDesk(name));
  const { witness } = sim;
  const lines: string[] = [];
  // For whoever looks for the place where two runs of a seed part.
  if (process.env.SIM_TRACE) sim.world.scheduler.onTask = (line) => lines.push(line.replace(/\s+/g, ' '));
  let performed = 0;
  try {
    await sim.open();
    for (const [index, step] of steps.entries()) {
      await sim.perform(step);
      performed += 1;
      const isLast = index === steps.length - 1;
      if (witness.violations.length === 0 && (isLast || index % CHECK_EVERY === CHECK_EVERY - 1)) await check(sim);
      if (witness.violations.length > 0) break;
    }
  } catch (error) {
    witness.violate('fault', error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    await sim.close();
    await stage.dropDesk(name);
    if (process.env.SIM_TRACE) await writeFile(process.env.SIM_TRACE, lines.join('\n'));
  }
  const { violations, counts } = witness;
  return {
    seed,
    violations,
    counts,
    steps: performed,
    tasks: sim.world.scheduler.ran,
    trace: sim.world.scheduler.trace,
    ms: performance.now() - startedAt,
  };
}

async function check(sim: Simulation): Promise<void> {
  if (!(await sim.calmDown(createRandom(sim.seed)))) return sim.witness.violate('rest', await sim.describeUnrest());
  const database = await sim.world.connections.observer();
  for (const { rule, find } of checksAtRest) {
    for (const sentence of await find(sim, database)) sim.witness.violate(rule, sentence);
  }
}
