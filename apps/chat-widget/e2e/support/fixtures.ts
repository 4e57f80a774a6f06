import { test as base } from '@playwright/test';
import { ChatPage } from './chat-page.ts';
import { type Stand, startStand } from './stand.ts';

interface TestFixtures {
  /** A visitor in a page of the site. */
  visitor: ChatPage;
  /** Opens a page of the site. */
  visit: (path: string, query: Record<string, string>) => Promise<void>;
}

export const test = base.extend<TestFixtures, { stand: Stand }>({
  stand: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a function needs from this pattern
    async ({}, use) => {
      const stand = await startStand();
      await use(stand);
      await stand.close();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  visitor: ({ page }, use) => use(new ChatPage(page)),
  visit: async ({ page, stand }, use) => {
    await use(async (path, query) => {
      await page.goto(`${stand.site}/${path}?${new URLSearchParams(query)}`);
    });
  },
});
