import type { ApiFailure } from './client.ts';

/** Whether a link of an invitation or a reset is unknown, was used, or is too old: another try would not help. */
export function isLinkSpent(failure: ApiFailure | null): boolean {
  if (failure?.kind !== 'refused') return false;
  return failure.type === 'urn:tradewind:not-found' || failure.errors.some((error) => error.path === 'token');
}
