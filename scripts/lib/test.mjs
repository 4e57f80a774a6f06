import { setUp } from '../setup.mjs';
import { findChromium } from './chromium.mjs';
import { runMain } from './programs.mjs';
import { lint, postgres, runPlaywright, runSteps, types, unit } from './steps.mjs';

const endToEnd = {
  name: 'End-to-end tests in Chromium',
  run: async () => runPlaywright({ CHROMIUM_PATH: await findChromium() }),
};

await runMain(async () => {
  await setUp();
  const { passed, failed, skipped } = await runSteps([lint, types, unit, postgres, endToEnd]);
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  return failed === 0 ? 0 : 1;
});
