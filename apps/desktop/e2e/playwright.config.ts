import { defineConfig } from '@playwright/test';

/** Stories run on the real server, PostgreSQL and fault lab; screens run on made-up data for states that are rare. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  testIgnore: 'electron/**', // has a configuration of its own
  outputDir: '../../../test-results',
  globalSetup: './support/build.ts',
  // One server and one browser at a time: the stories measure order and delivery, not how many cores there are.
  workers: 1,
  fullyParallel: false,
  // A busy machine may starve a browser; what passes only the second time is listed as flaky.
  retries: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-quic'],
    },
  },
});
