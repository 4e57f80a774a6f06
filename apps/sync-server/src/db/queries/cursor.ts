import { createHash } from 'node:crypto';
import { AppError } from '@tradewind/shared/protocol/errors';
import { z } from 'zod';

/** Values of a row's sort columns: where the next page begins. */
export type CursorKeys = readonly (string | number)[];

const MAX_LENGTH = 2_000;
const contentSchema = z.tuple([z.string(), z.array(z.union([z.string(), z.int()]))]);

/** Binds a cursor to its list, order and filters: with others it would skip or repeat rows without a word. */
function toBinding(list: unknown): string {
  return createHash('sha256').update(JSON.stringify(list)).digest('base64url').slice(0, 12);
}

/** @param list - everything that decides which rows come in which order; any JSON. */
export function encodeCursor(keys: CursorKeys, list: unknown): string {
  return Buffer.from(JSON.stringify([toBinding(list), keys])).toString('base64url');
}

/**
 * @param types - what each key must be.
 * @throws AppError `bad-input` for what is not a cursor of this list.
 */
export function decodeCursor(text: string, list: unknown, types: readonly ('string' | 'number')[]): CursorKeys {
  const [binding, keys] = parseContent(text) ?? ['', []];
  const fits = keys.length === types.length && keys.every((key, index) => typeof key === types[index]);
  if (binding === toBinding(list) && fits) return keys;
  throw new AppError('bad-input', 'The cursor cannot be used.', {
    errors: [{ path: 'cursor', message: 'must be the nextCursor of the page before, with the same filters and order' }],
  });
}

function parseContent(text: string): z.infer<typeof contentSchema> | null {
  if (text.length > MAX_LENGTH) return null;
  try {
    const parsed = contentSchema.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return parsed.success && !JSON.stringify(parsed.data).includes('\\u0000') ? parsed.data : null;
  } catch {
    return null; // not JSON: not a cursor
  }
}
