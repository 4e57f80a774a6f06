import { join } from 'node:path';
import { setUp } from '../setup.mjs';
import { findNode, programEnvironment, ROOT, run, runMain } from './programs.mjs';

const PACKAGE = join(ROOT, 'apps', 'desktop', 'packaging', 'package.ts');

// package.mjs makes this platform's packages of the desktop app, package.mjs --dir an unpacked app.
await runMain(async () => {
  await setUp();
  return run(findNode(), [PACKAGE, ...process.argv.slice(2)], { env: programEnvironment() });
});
