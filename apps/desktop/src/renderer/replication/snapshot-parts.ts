import type { PartProgress } from '../db/documents.ts';

/** Fetched before changes are pulled: what an agent works with. */
const FIRST_PARTS: readonly string[] = ['open', 'recent'];

function toPart(part: string): PartProgress {
  return { part, cursor: null, received: 0, total: null };
}

/** All parts of a copy that begins anew, in the order in which they are fetched. */
export const allParts: readonly PartProgress[] = [...FIRST_PARTS, 'history'].map(toPart);

export function isFirstPart({ part }: PartProgress): boolean {
  return FIRST_PARTS.includes(part);
}

/** What scopes that were gained give comes before the history, what lost ones gave is not asked for any more. */
export function withScopes(
  parts: readonly PartProgress[],
  gained: readonly string[],
  lost: readonly string[],
): readonly PartProgress[] {
  const moved = new Set([...gained, ...lost].map((scope) => `scope:${scope}`));
  const kept = parts.filter(({ part }) => !moved.has(part));
  return [...gained.map((scope) => toPart(`scope:${scope}`)), ...kept];
}

/** How much of the history is here, in whole percent; null once all of it is. */
export function toHistoryPercent(parts: readonly PartProgress[]): number | null {
  if (parts.length === 0 || parts.some(isFirstPart)) return null;
  const received = parts.reduce((sum, part) => sum + part.received, 0);
  const total = parts.reduce((sum, part) => sum + Math.max(part.total ?? 0, part.received), 0);
  // The server's totals are estimates: full is said by there being nothing left.
  return total === 0 ? 0 : Math.min(99, Math.floor((100 * received) / total));
}
