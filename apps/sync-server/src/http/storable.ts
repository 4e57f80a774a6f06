import type { FieldError } from '@tradewind/shared/protocol/errors';

const MAX_DEPTH = 32;
const MAX_ERRORS = 20;

/** Finds text that no database column takes (U+0000, half a surrogate pair), and nesting beyond reason, in parsed JSON. */
export function findUnstorable(value: unknown): FieldError[] {
  const errors: FieldError[] = [];
  const tooDeep = walk(value, (inner, path) => {
    if (typeof inner === 'string') {
      const message = explainText(inner);
      if (message) errors.push({ path: path.join('.'), message });
    } else if (typeof inner === 'object' && inner !== null && Object.keys(inner).some((key) => explainText(key))) {
      errors.push({ path: path.join('.'), message: 'has a key that is not plain text' });
    }
  });
  return [...errors.slice(0, MAX_ERRORS), ...tooDeep];
}

/** Only the nesting: deeper JSON ends the stack of whatever goes through it by recursion. */
export function findTooDeep(value: unknown): FieldError[] {
  return walk(value, () => undefined);
}

/** Visits every value, without recursion: two megabytes of `[[[[` must not end our own stack either. */
function walk(value: unknown, visit: (inner: unknown, path: readonly string[]) => void): FieldError[] {
  const waiting: { inner: unknown; path: string[] }[] = [{ inner: value, path: [] }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { inner, path } = next;
    if (path.length > MAX_DEPTH) {
      return [{ path: path.slice(0, 3).join('.'), message: `is nested more than ${MAX_DEPTH} levels deep` }];
    }
    visit(inner, path);
    if (typeof inner !== 'object' || inner === null) continue;
    for (const [key, child] of Object.entries(inner)) waiting.push({ inner: child, path: [...path, key] });
  }
  return [];
}

/** What is wrong with the text, null when nothing is. */
export function explainText(text: string): string | null {
  if (text.includes('\u0000')) return 'must not contain U+0000';
  return text.isWellFormed() ? null : 'must not contain half a surrogate pair';
}
