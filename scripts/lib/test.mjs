import { setUp } from '../setup.mjs';
import { findChromium } from './chromium.mjs';
import { runMain } from './programs.mjs';
import { lint, postgres, runPlaywright, runSteps, types, unit } from './steps.mjs';

const endToEnd = [
  { app: 'desktop', name: 'The console in Chromium' },
  { app: 'chat-widget', name: 'The website chat in Chromium' },
].map(({ app, name }) => ({
  name,
  run: async () => runPlaywright(app, { CHROMIUM_PATH: await findChromium() }),
}));

await runMain(async () => {
  await setUp();
  const { passed, failed, skipped } = await runSteps([lint, types, unit, postgres, ...endToEnd]);
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  return failed === 0 ? 0 : 1;
});
