import type { Mutant } from './mutant.ts';

export const ackBeforeCommit: Mutant = {
  name: 'ack-before-commit',
  breaks: 'a platform is told that an event is safe, and the node dies before it is [R1]',
  edits: [
    {
      file: 'apps/sync-server/src/ingest/inbox.ts',
      find: '      const outcomes = await this.#insert(batch.map((waiting) => waiting.event));\n',
      replace: `      for (const waiting of batch) waiting.resolve('stored');
      const outcomes = await this.#insert(batch.map((waiting) => waiting.event));\n`,
    },
  ],
  seeds: [1, 2, 3],
};
