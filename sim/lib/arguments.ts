import { parseArgs } from 'node:util';
import { mutants } from '../mutants/all.ts';
import type { Mutant } from '../mutants/mutant.ts';

const USAGE = `usage: pnpm sim [--seeds N] [--seed S [--steps 3,7-12]] [--mutant NAME [--recorded]] [--no-minimise]
  --seeds N      the seeds 1 to N (20; with a mutant 50, ending at the first that fails)
  --seed S       this seed alone
  --steps LIST   of this seed's plan only these steps
  --mutant NAME  plants a known bug: ${mutants.map(({ name }) => name).join(', ')}
  --recorded     the mutant's recorded seeds, ending at the first that fails
  --no-minimise  a failing seed is told as it is`;

export interface SimArguments {
  seeds: number[];
  /** Numbers of steps; null: all. */
  steps: ReadonlySet<number> | null;
  mutant: Mutant | null;
  minimise: boolean;
}

/** @throws Error with a sentence and the usage. */
export function parseArguments(argv: readonly string[]): SimArguments {
  const { values } = parseArgs({
    // `npm run sim -- --seeds 3` and `pnpm sim -- --seeds 3` alike.
    args: argv.filter((one) => one !== '--'),
    options: {
      seeds: { type: 'string' },
      seed: { type: 'string' },
      steps: { type: 'string' },
      mutant: { type: 'string' },
      recorded: { type: 'boolean', default: false },
      'no-minimise': { type: 'boolean', default: false },
    },
  });
  const mutant = values.mutant === undefined ? null : mutants.find(({ name }) => name === values.mutant);
  if (mutant === undefined) throw new Error(`There is no mutant "${values.mutant}".\n${USAGE}`);
  const count = values.seeds === undefined ? (mutant ? 50 : 20) : toNumber(values.seeds);
  if (values.recorded && !mutant) throw new Error(`Recorded seeds are a --mutant's.\n${USAGE}`);
  const all = values.recorded && mutant ? [...mutant.seeds] : range(1, count);
  const seeds = values.seed === undefined ? all : [toNumber(values.seed)];
  if (values.steps !== undefined && values.seed === undefined) throw new Error(`Steps are of one --seed.\n${USAGE}`);
  const steps = values.steps === undefined ? null : new Set(values.steps.split(',').flatMap(toRange));
  return { seeds, steps, mutant, minimise: !values['no-minimise'] };
}

function toNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`"${text}" is no positive whole number.\n${USAGE}`);
  return number;
}

function toRange(text: string): number[] {
  const [first = '', last = first] = text.split('-');
  return range(toNumber(first), toNumber(last));
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

/** The other way round: `3,7-12`. */
export function toStepList(numbers: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const number of numbers) {
    const last = parts.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else parts.push([number, number]);
  }
  return parts.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}
