import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { type Stand, startStand } from '../../support/stand.ts';
import { DesktopApp, type LaunchOptions, startAgain } from './desktop-app.ts';
import { findRuntime } from './runtime.ts';

type Start = Partial<Pick<LaunchOptions, 'args' | 'env'>>;

interface TestFixtures {
  /** Path of the program; without one, or without a display, the test is skipped and says why. */
  runtime: string;
  /** A profile folder of the test's own. */
  profile: string;
  /** Starts the app on the test's profile; whatever runs at the end is ended. */
  launch(start?: Start): Promise<DesktopApp>;
  /** Starts it a second time beside the running one; resolves with the exit code. */
  again(start?: Start): Promise<number | null>;
  /** Started, at the stand's server, logged in as 林晓. */
  app: DesktopApp;
}

export const test = base.extend<TestFixtures, { stand: Stand }>({
  runtime: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a function needs from this pattern
    async ({}, use, testInfo) => {
      const found = findRuntime();
      testInfo.skip('missing' in found, 'missing' in found ? found.missing : '');
      await use('path' in found ? found.path : '');
    },
    { auto: true },
  ],
  stand: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const stand = await startStand();
      await use(stand);
      await stand.close();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: as above
  profile: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'tradewind-profile-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  },
  launch: async ({ profile, runtime }, use) => {
    const started: DesktopApp[] = [];
    await use(async (start = {}) => {
      const app = await DesktopApp.launch({ runtime, profile, ...start });
      started.push(app);
      return app;
    });
    for (const app of started) await app.close();
  },
  again: async ({ profile, runtime }, use) => {
    await use((start = {}) => startAgain({ runtime, profile, ...start }));
  },
  app: async ({ launch, stand }, use) => {
    const app = await launch();
    await app.chooseServer(stand.url);
    await app.logIn(stand.agents.lin);
    await use(app);
  },
});
