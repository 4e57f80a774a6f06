import type { TFunction } from 'i18next';
import { translateServerWords } from '../../i18n/server-words.ts';
import type { ApiFailure } from './client.ts';

/** One sentence on a failed request: what happened and what to do. */
export function toFailureText(failure: ApiFailure, t: TFunction): string {
  if (failure.kind === 'unreachable')
    return navigator.onLine ? t('setup.failure.unreachable') : t('setup.failure.offline');
  if (failure.status === 429) {
    return t('setup.failure.limited', { count: Math.max(1, Math.ceil((failure.retryAfterMs ?? 1_000) / 1_000)) });
  }
  if (failure.type === 'urn:tradewind:unauthenticated') return t('setup.failure.signedOut');
  if (failure.type === 'urn:tradewind:forbidden') return t('setup.failure.forbidden');
  if (failure.status >= 500) return t('setup.failure.server');
  return translateServerWords(failure.title, t);
}

/** What the server says about one field, in the reader's language where the sentence is known. */
export function toFieldText(failure: ApiFailure, path: string, t: TFunction): string | null {
  if (failure.kind === 'unreachable') return null;
  const found = failure.errors.find((error) => error.path === path || error.path.startsWith(`${path}.`));
  return found ? translateServerWords(found.message, t) : null;
}

/** What is wrong beside the fields that show their own errors; null when those say it all. */
export function toFormText(failure: ApiFailure, shownPaths: readonly string[], t: TFunction): string | null {
  if (failure.kind === 'unreachable' || failure.errors.length === 0) return toFailureText(failure, t);
  const isShown = (path: string) => shownPaths.some((shown) => path === shown || path.startsWith(`${shown}.`));
  const others = failure.errors.filter(({ path }) => !isShown(path));
  if (others.length === 0) return null;
  return others.map(({ path, message }) => `${path}: ${translateServerWords(message, t)}`).join(' · ');
}
