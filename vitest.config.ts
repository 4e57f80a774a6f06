import { defineConfig } from 'vitest/config';

const ignored = ['**/node_modules/**', '**/dist/**', 'apps/*/e2e/**', 'bench/**'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{apps,packages,scripts}/**/*.test.{ts,tsx}'],
          exclude: [...ignored, '**/*.pg.test.ts'],
          // Some try thousands of inputs: a second of work, and many on a busy machine.
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'pg',
          include: ['{apps,packages}/**/*.pg.test.ts'],
          exclude: ignored,
          globalSetup: 'apps/sync-server/test/postgres.ts',
          setupFiles: 'apps/sync-server/test/patience.ts',
          testTimeout: 60_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 20_000 } },
          // Real time on a shared machine: what passes only the second time is named at the end, as Playwright's is.
          retry: 1,
        },
      },
    ],
  },
});
