import base from '../playwright.config.ts';

/** The desktop app in a real Electron, on the real server. Needs an Electron and a display; without, each test says so. */
export default {
  ...base,
  testIgnore: [],
  outputDir: '../../../../test-results/electron',
  globalSetup: './support/build.ts',
};
