import type { Mutant } from './mutant.ts';

export const frameGapIgnored: Mutant = {
  name: 'frame-gap-ignored',
  breaks: 'a console that missed a frame applies the next one, and never asks for what it missed [R7]',
  edits: [
    {
      file: 'apps/desktop/src/renderer/replication/connection.ts',
      find: 'frame.accessVersion !== accessVersion || frame.fromSeq > seq',
      replace: 'frame.accessVersion !== accessVersion',
    },
  ],
  seeds: [],
};
