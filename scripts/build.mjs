import { runMain } from './lib/programs.mjs';
import { setUp } from './setup.mjs';

await runMain(async () => {
  await setUp();
  return 0;
});
