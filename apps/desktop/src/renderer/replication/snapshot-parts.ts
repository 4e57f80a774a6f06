import type { PartProgress } from '../db/documents.ts';

/** Fetched before changes are pulled: what an agent works with. */
const FIRST_PARTS: readonly string[] = ['open', 'recent'];

/** A part of which nothing has been read. */
export function toPart(part: string): PartProgress {
  return { part, cursor: null, received: 0, total: null };
}

/** All parts of a copy that begins anew, in the order in which they are fetched. */
export const allParts: readonly PartProgress[] = [...FIRST_PARTS, 'history'].map(toPart);

export function isFirstPart({ part }: PartProgress): boolean {
  return FIRST_PARTS.includes(part);
}

/** What scopes give that an agent has gained. */
export function toScopeParts(scopes: readonly string[]): readonly PartProgress[] {
  return scopes.map((scope) => toPart(`scope:${scope}`));
}

/** How much of the history is here, in whole percent; null once all of it is. */
export function toHistoryPercent(parts: readonly PartProgress[]): number | null {
  if (parts.length === 0 || parts.some(isFirstPart)) return null;
  const received = parts.reduce((sum, part) => sum + part.received, 0);
  const total = parts.reduce((sum, part) => sum + Math.max(part.total ?? 0, part.received), 0);
  // The server's totals are estimates: full is said by there being nothing left.
  return total === 0 ? 0 : Math.min(99, Math.floor((100 * received) / total));
}
