import type { Mutant } from './mutant.ts';

export const seqWithoutLock: Mutant = {
  name: 'seq-without-lock',
  breaks: 'a slow transaction lands behind a checkpoint already handed out: a console misses it for ever [R5]',
  edits: [
    {
      file: 'apps/sync-server/src/db/migrations/0001-initial.sql',
      find: '  perform pg_advisory_xact_lock(7201, 1);\n',
      replace: '',
    },
  ],
  seeds: [1, 2, 3],
};
