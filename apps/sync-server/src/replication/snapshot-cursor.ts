import { decodeCursor, encodeCursor } from '../db/queries/cursor.ts';

/** How much of a unit (a conversation with all that belongs to it, or a single document) has been given. */
export interface Progress {
  key: number;
  id: string;
  /** The last item given of it; null when all were. */
  last: { rank: number; at: number; id: string } | null;
}

/** Where a part's next page begins, and what all its pages have in common. */
export interface Position {
  /** Checkpoint of the head as it was before the part's first row was read. */
  asOf: string;
  accessVersion: number;
  /** What changed since then is recent. */
  recentSince: number;
  stage: number;
  /** Null at the beginning of a stage. */
  unit: Progress | null;
}

const BEGINNING = -1;
const COMPLETE = 99;
const TYPES = ['string', 'number', 'number', 'number', 'number', 'string', 'number', 'number', 'string'] as const;

/** Opaque to clients; good for this part alone. */
export function encodePosition(position: Position, part: string): string {
  const { asOf, accessVersion, recentSince, stage, unit } = position;
  const rank = unit ? (unit.last?.rank ?? COMPLETE) : BEGINNING;
  const keys = [unit?.key ?? 0, unit?.id ?? '', rank, unit?.last?.at ?? 0, unit?.last?.id ?? ''];
  return encodeCursor([asOf, accessVersion, recentSince, stage, ...keys], { snapshot: part });
}

/** @throws AppError `bad-input` for what is not a cursor of this part. */
export function decodePosition(cursor: string, part: string): Position {
  const keys = decodeCursor(cursor, { snapshot: part }, TYPES);
  const [asOf, accessVersion, recentSince, stage, key, id, rank, at, lastId] = keys as [
    ...[string, number, number, number, number, string, number, number, string],
  ];
  const last = rank === COMPLETE ? null : { rank, at, id: lastId };
  return { asOf, accessVersion, recentSince, stage, unit: rank === BEGINNING ? null : { key, id, last } };
}
