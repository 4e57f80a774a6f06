import type { Mutant } from './mutant.ts';

export const dedupeOff: Mutant = {
  name: 'dedupe-off',
  breaks: 'an event that comes twice is two messages [R2]',
  edits: [
    {
      file: 'apps/sync-server/src/processing/engine.ts',
      find: 'if (event.dedupe_key !== null && work.processedKeys.has(event.dedupe_key)) {',
      replace: 'if (event.id < 0) {',
    },
    {
      file: 'apps/sync-server/src/processing/apply-message.ts',
      find: 'if (work.messageByExternalId(event.externalId)) {',
      replace: "if (event.externalId === '') {",
    },
  ],
  seeds: [1, 2, 3],
};
