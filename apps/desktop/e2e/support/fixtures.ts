import { fileURLToPath } from 'node:url';
import { test as base } from '@playwright/test';
import { ConsolePage } from './console-page.ts';
import { type Stand, startStand } from './stand.ts';
import { serveFolder } from './static-server.ts';

const HARNESS = fileURLToPath(new URL('../../dist/harness', import.meta.url));

interface TestFixtures {
  /** The console, logged in as 林晓. */
  desk: ConsolePage;
}

interface WorkerFixtures {
  stand: Stand;
  /** Address of the screens on made-up data; `?scenario=` chooses the state. */
  screens: string;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  stand: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a function needs from this pattern
    async ({}, use) => {
      const stand = await startStand();
      await use(stand);
      await stand.close();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  screens: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a function needs from this pattern
    async ({}, use) => {
      const server = await serveFolder(HARNESS);
      await use(server.url);
      await server.close();
    },
    { scope: 'worker' },
  ],
  desk: async ({ page, stand }, use) => {
    const desk = new ConsolePage(page);
    await desk.logIn(stand.url, stand.agents.lin);
    await use(desk);
  },
});
