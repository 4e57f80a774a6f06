import { parseArguments, type SimArguments } from './lib/arguments.ts';
import { loadForSimulation } from './loader/hooks.ts';

/** 0: all seeds are clean · 1: a seed failed · 2: it could not be tried. */
process.exitCode = await main();
// What the product has left open behind the simulated edges must not keep the process alive.
process.exit();

async function main(): Promise<number> {
  let given: SimArguments;
  try {
    given = parseArguments(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return 2;
  }
  const unplanted = loadForSimulation(given.mutant?.edits ?? []);
  const { installGlobals } = await import('./world/globals.ts');
  installGlobals();
  const { runSeeds } = await import('./run-seeds.ts');
  try {
    return await runSeeds(given, unplanted);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
    return 2;
  }
}
