import type { DeviceCode } from './cast/device-code.ts';
import { loadDeviceCode } from './cast/device-code.ts';
import { openStage, type Stage } from './cast/stage.ts';
import { type SimArguments, toStepList } from './lib/arguments.ts';
import { minimise } from './minimise.ts';
import type { SourceEdit } from './mutants/mutant.ts';
import { planOf, type Step } from './plan/plan.ts';
import { runSeed, type SeedResult } from './run-seed.ts';

const MINIMISE_MS = 60_000;
/** Each takes its minute. */
const MAX_MINIMISED = 2;
const SHOWN_VIOLATIONS = 8;

const say = (text: string) => process.stdout.write(`${text}\n`);

/** Runs the seeds one after the other and tells of each. @returns the exit code. */
export async function runSeeds(given: SimArguments, unplanted: () => SourceEdit[]): Promise<number> {
  const stage = await openStage(given.mutant?.edits ?? []);
  const code = await Promise.all(stage.facts.devices.map((_, index) => loadDeviceCode(index)));
  const [missed] = unplanted();
  if (missed) throw new Error(`the mutant's ${missed.file} was never loaded`);
  let passed = 0;
  const failed: number[] = [];
  try {
    for (const seed of given.seeds) {
      const plan = planOf(seed).filter(({ number }) => given.steps?.has(number) ?? true);
      const result = await runSeed(seed, stage, code, plan);
      say(describe(result));
      if (result.violations.length === 0) passed += 1;
      else {
        failed.push(seed);
        const few = given.minimise && failed.length <= MAX_MINIMISED;
        await tell(given, result, few ? await findFewest(stage, code, plan, result) : plan.slice(0, result.steps));
        if (given.mutant) break;
      }
    }
  } finally {
    await stage.close();
  }
  if (given.mutant) say(verdictOnMutant(given.mutant.name, failed, passed));
  else say(`${passed} passed, ${failed.length} failed${failed.length > 0 ? `: seeds ${failed.join(', ')}` : ''}`);
  return failed.length > 0 ? 1 : 0;
}

function verdictOnMutant(name: string, failed: readonly number[], passed: number): string {
  return failed.length > 0
    ? `mutant ${name}: noticed by seed ${failed[0]} (${passed} before it did not)`
    : `mutant ${name}: not noticed by any of ${passed} seeds`;
}

function describe({ seed, violations, counts, tasks, trace, ms }: SeedResult): string {
  const { inbound, commands, faults, crashes, accessChanges, restores } = counts;
  const verdict = violations.length === 0 ? 'ok    ' : 'FAILED';
  return `${verdict} seed ${seed}: ${commands} commands, ${inbound} inbound events, ${faults} faults (${crashes} crashes, ${accessChanges} access changes, ${restores} restores), ${tasks} tasks, trace ${trace}, ${(ms / 1000).toFixed(1)} s`;
}

async function findFewest(
  stage: Stage,
  code: readonly DeviceCode[],
  plan: readonly Step[],
  result: SeedResult,
): Promise<readonly Step[]> {
  const rule = ruleOf(result);
  const fails = async (steps: readonly Step[]) => ruleOf(await runSeed(result.seed, stage, code, steps)) === rule;
  return minimise(plan.slice(0, result.steps), fails, MINIMISE_MS);
}

/** The first rule that was broken; a smaller plan must break the same one. */
function ruleOf({ violations }: SeedResult): string | null {
  return violations[0]?.split(']')[0] ?? null;
}

async function tell({ mutant }: SimArguments, { seed, violations }: SeedResult, steps: readonly Step[]): Promise<void> {
  for (const violation of violations.slice(0, SHOWN_VIOLATIONS)) say(`  ${violation}`);
  if (violations.length > SHOWN_VIOLATIONS) say(`  … and ${violations.length - SHOWN_VIOLATIONS} more`);
  const planted = mutant ? ` --mutant ${mutant.name}` : '';
  say(`  replay: pnpm sim --seed ${seed}${planted}`);
  say(
    `  with ${steps.length} steps: pnpm sim --seed ${seed} --steps ${toStepList(steps.map(({ number }) => number))}${planted}`,
  );
  if (steps.length <= 40) for (const { number, kind } of steps) say(`    ${number} ${kind}`);
}
