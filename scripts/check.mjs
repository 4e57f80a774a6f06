import { runMain } from './lib/programs.mjs';
import { lint, runSteps, types, unit } from './lib/steps.mjs';

await runMain(async () => {
  const { failed } = await runSteps([lint, types, unit]);
  return failed === 0 ? 0 : 1;
});
