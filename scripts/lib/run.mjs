import { install } from '../setup.mjs';
import { findNode, programEnvironment, run, runBin, runMain, SetupError } from './programs.mjs';

// run.mjs FILE [args]: runs a script of ours on a Node that can; run.mjs --bin NAME [args]: runs a dependency's command.
await runMain(async () => {
  const [first, ...rest] = process.argv.slice(2);
  if (first === undefined) throw new SetupError('usage: node scripts/run.mjs FILE [args] | --bin NAME [args]');
  await install();
  if (first !== '--bin') return run(findNode(), [first, ...rest], { env: programEnvironment() });
  const [name, ...args] = rest;
  if (name === undefined) throw new SetupError('usage: node scripts/run.mjs --bin NAME [args]');
  return runBin(name, args);
});
