import { AppError } from '@tradewind/shared/protocol/errors';
import type { z } from 'zod';
import { toStorable } from '../db/json-text.ts';

/**
 * Reads what a widget sent. Characters no database takes are dropped, as agents' are.
 *
 * @throws AppError `bad-input` naming every wrong field; no value is repeated.
 */
export function parseChat<TSchema extends z.ZodType>(schema: TSchema, payload: unknown): z.output<TSchema> {
  const parsed = schema.safeParse(clean(payload));
  if (parsed.success) return parsed.data;
  throw new AppError('bad-input', 'This cannot be read.', {
    errors: parsed.error.issues
      .slice(0, 20)
      .map(({ path, message }) => ({ path: path.join('.').slice(0, 200), message })),
  });
}

function clean(payload: unknown): unknown {
  try {
    return toStorable(payload);
  } catch {
    return undefined; // nested too deep to be anything we know
  }
}
