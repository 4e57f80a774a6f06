import { z } from 'zod';
import type { PageRequest } from '../db/queries/page.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
const LONGEST_FILTER = 1_000;

/** Query fields every list has. @param order - the order of a list when the caller does not choose. */
export function pageFields(order: PageRequest['order'] = 'desc') {
  const wholeNumber = `must be a whole number from 1 to ${MAX_LIMIT}`;
  return {
    limit: z
      .string(`${wholeNumber}, given once`)
      .regex(/^\d{1,6}$/, wholeNumber)
      .transform(Number)
      .refine((limit) => limit >= 1 && limit <= MAX_LIMIT, wholeNumber)
      .default(DEFAULT_LIMIT)
      .meta({ description: `Rows per page, at most ${MAX_LIMIT}.` }),
    cursor: z.string('must be given once').min(1, 'must be the nextCursor of the page before').optional(),
    order: z.enum(['asc', 'desc'], 'must be asc or desc').default(order),
  };
}

/** A filter that is one text. */
export const filterText = z.string('must be given once').min(1, 'must not be empty').max(LONGEST_FILTER).optional();

export const filterFlag = z
  .enum(['true', 'false'], 'must be true or false')
  .transform((text) => text === 'true')
  .optional();

export const filterInstant = z
  .string('must be given once')
  .regex(/^\d{1,15}$/, 'must be epoch milliseconds')
  .transform(Number)
  .optional();

export function filterOneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, `must be one of: ${values.join(', ')}`).optional();
}

export const idParams = z.strictObject({ id: z.string().max(200) });

export function toPageRequest(query: {
  limit: number;
  order: 'asc' | 'desc';
  cursor?: string | undefined;
}): PageRequest {
  return { limit: query.limit, order: query.order, cursor: query.cursor ?? null };
}

/** The answer of every list. */
export function pageOf<TItem extends z.ZodType>(item: TItem) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}
