import type { FieldError } from '@tradewind/shared/protocol/errors';

const MAX_DEPTH = 32;

/**
 * Finds text that no database column takes (U+0000, half a surrogate pair) and nesting beyond reason, in parsed JSON.
 * Written without recursion: two megabytes of `[[[[` must not end the stack.
 */
export function findUnstorable(value: unknown): FieldError[] {
  const errors: FieldError[] = [];
  const waiting: { value: unknown; path: string[] }[] = [{ value, path: [] }];
  for (let next = waiting.pop(); next !== undefined && errors.length < 20; next = waiting.pop()) {
    const { value: inner, path } = next;
    if (path.length > MAX_DEPTH)
      return [{ path: path.slice(0, 3).join('.'), message: `is nested more than ${MAX_DEPTH} levels deep` }];
    if (typeof inner === 'string') {
      const message = explainText(inner);
      if (message) errors.push({ path: path.join('.'), message });
    } else if (typeof inner === 'object' && inner !== null) {
      for (const [key, child] of Object.entries(inner)) {
        if (explainText(key)) errors.push({ path: path.join('.'), message: 'has a key that is not plain text' });
        else waiting.push({ value: child, path: [...path, key] });
      }
    }
  }
  return errors;
}

/** What is wrong with the text, null when nothing is. */
export function explainText(text: string): string | null {
  if (text.includes('\u0000')) return 'must not contain U+0000';
  return text.isWellFormed() ? null : 'must not contain half a surrogate pair';
}
