import type { Mutant } from './mutant.ts';

export const tombstoneForgotten: Mutant = {
  name: 'tombstone-forgotten',
  breaks: 'what is removed while a part of the snapshot is under way comes back with it [R6] [R15]',
  edits: [
    {
      file: 'apps/desktop/src/renderer/replication/replica.ts',
      find: '{ keepTombstones: this.#isFetching }',
      replace: '{ keepTombstones: false }',
    },
  ],
  seeds: [],
};
