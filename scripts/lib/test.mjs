import { setUp } from '../setup.mjs';
import { findChromium } from './chromium.mjs';
import { runMain } from './programs.mjs';
import { lint, postgres, runPlaywright, runSteps, types, unit } from './steps.mjs';

const inChromium = [
  { folder: 'apps/desktop/e2e', name: 'The console in Chromium' },
  { folder: 'apps/chat-widget/e2e', name: 'The website chat in Chromium' },
].map(({ folder, name }) => ({
  name,
  run: async () => runPlaywright(folder, { CHROMIUM_PATH: await findChromium() }),
}));

const inElectron = {
  name: 'The desktop app in Electron',
  run: () => runPlaywright('apps/desktop/e2e/electron', {}, { screen: true }),
};

await runMain(async () => {
  await setUp();
  const { passed, failed, skipped } = await runSteps([lint, types, unit, postgres, ...inChromium, inElectron]);
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  return failed === 0 ? 0 : 1;
});
