import type { Mutant } from './mutant.ts';

export const snapshotOverwritesNewer: Mutant = {
  name: 'snapshot-overwrites-newer',
  breaks: 'a part of the snapshot that took its time overwrites what changed meanwhile [R6]',
  edits: [
    {
      file: 'apps/desktop/src/renderer/replication/write-changes.ts',
      find: 'byChange(incoming, stored) || (stored._deleted && stored.replicaSeq <= asOfSeq);',
      replace: 'incoming.replicaSeq >= 0 || stored.replicaSeq <= asOfSeq;',
    },
  ],
  seeds: [2, 1, 3],
};
