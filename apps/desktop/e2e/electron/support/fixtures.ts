import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { type Stand, startStand } from '../../support/stand.ts';
import { DesktopApp, type LaunchOptions } from './desktop-app.ts';
import { findRuntime } from './runtime.ts';

type Start = Partial<Pick<LaunchOptions, 'args' | 'env'>>;

interface TestFixtures {
  /** Without a program, or without a display, every test is skipped and says why. */
  skipped: undefined;
  /** A profile folder of the test's own. */
  profile: string;
  /** Starts the app on the test's profile; whatever runs at the end is ended. */
  launch(start?: Start): Promise<DesktopApp>;
  /** Started for this test alone, at the stand's server, logged in as 林晓: one may end it. */
  ownApp: DesktopApp;
  /** The same, shared with the tests before and after, as good as new: a start takes longer than most tests. */
  app: DesktopApp;
}

interface WorkerFixtures {
  stand: Stand;
  sharedApp: DesktopApp;
}

function findProgram(): string {
  const found = findRuntime();
  return 'path' in found ? found.path : '';
}

const makeProfile = () => mkdtemp(join(tmpdir(), 'tradewind-profile-'));
const removeProfile = (folder: string) => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });

export const test = base.extend<TestFixtures, WorkerFixtures>({
  skipped: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a function needs from this pattern
    async ({}, use, testInfo) => {
      const found = findRuntime();
      testInfo.skip('missing' in found, 'missing' in found ? found.missing : '');
      await use(undefined);
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
  sharedApp: [
    async ({ stand }, use) => {
      const profile = await makeProfile();
      const app = await DesktopApp.launch({ runtime: findProgram(), profile });
      try {
        await app.chooseServer(stand.url);
        await app.logIn(stand.agents.lin);
        await use(app);
      } finally {
        await app.close();
        await removeProfile(profile);
      }
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: as above
  profile: async ({}, use) => {
    const folder = await makeProfile();
    await use(folder);
    await removeProfile(folder);
  },
  launch: async ({ profile }, use) => {
    const started: DesktopApp[] = [];
    await use(async (start = {}) => {
      const app = await DesktopApp.launch({ runtime: findProgram(), profile, ...start });
      started.push(app);
      return app;
    });
    for (const app of started) await app.close();
  },
  app: async ({ sharedApp }, use) => {
    await sharedApp.settle();
    await use(sharedApp);
  },
  ownApp: async ({ launch, stand }, use) => {
    const app = await launch();
    await app.chooseServer(stand.url);
    await app.logIn(stand.agents.lin);
    await use(app);
  },
});
