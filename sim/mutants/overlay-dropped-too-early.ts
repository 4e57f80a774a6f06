import type { Mutant } from './mutant.ts';

export const overlayDroppedTooEarly: Mutant = {
  name: 'overlay-dropped-too-early',
  breaks: 'a reply vanishes from the screen between the answer and the document [R9]',
  edits: [
    {
      file: 'apps/desktop/src/renderer/replication/outbox.ts',
      find: '  return (entry.result?.seq ?? 0) <= seq;',
      replace: '  return seq >= 0;',
    },
  ],
  seeds: [1, 2, 3],
};
