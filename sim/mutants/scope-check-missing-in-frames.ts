import type { Mutant } from './mutant.ts';

export const scopeCheckMissingInFrames: Mutant = {
  name: 'scope-check-missing-in-frames',
  breaks: 'everybody hears everything that happens while they are connected [R15]',
  edits: [
    {
      file: 'apps/sync-server/src/replication/live-feed.ts',
      find: 'rows.filter((row) => isRowFor(row, scopes))',
      replace: 'rows.filter((row) => isRowFor(row, scopes) || row.seq > 0)',
    },
  ],
  seeds: [1, 2, 3],
};
