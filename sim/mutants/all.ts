import { ackBeforeCommit } from './ack-before-commit.ts';
import { causalCheckOff } from './causal-check-off.ts';
import { dedupeOff } from './dedupe-off.ts';
import { frameGapIgnored } from './frame-gap-ignored.ts';
import type { Mutant } from './mutant.ts';
import { overlayDroppedTooEarly } from './overlay-dropped-too-early.ts';
import { scopeCheckMissingInFrames } from './scope-check-missing-in-frames.ts';
import { seqWithoutLock } from './seq-without-lock.ts';
import { snapshotOverwritesNewer } from './snapshot-overwrites-newer.ts';
import { tombstoneForgotten } from './tombstone-forgotten.ts';
import { unknownRetried } from './unknown-retried.ts';

/** The one list of known bugs. */
export const mutants: readonly Mutant[] = [
  seqWithoutLock,
  ackBeforeCommit,
  dedupeOff,
  overlayDroppedTooEarly,
  frameGapIgnored,
  scopeCheckMissingInFrames,
  unknownRetried,
  causalCheckOff,
  snapshotOverwritesNewer,
  tombstoneForgotten,
];
