import { z } from 'zod';
import { type ApiResult, requestApi } from './client.ts';

const PAGE = 200;
/** Nobody connects or employs more; a server that answers with one cursor after the other must not hold us for ever. */
const MOST_PAGES = 20;

export function listSchema<T>(item: z.ZodType<T>) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullish() });
}

/** Reads every page of a list. */
export async function readAll<T>(
  path: string,
  schema: z.ZodType<{ items: T[]; nextCursor?: string | null | undefined }>,
): Promise<ApiResult<T[]>> {
  const items: T[] = [];
  let cursor: string | null | undefined = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = new URLSearchParams({ limit: String(PAGE), ...(cursor ? { cursor } : {}) });
    const result: ApiResult<{ items: T[]; nextCursor?: string | null | undefined }> = await requestApi(
      `${path}?${query}`,
      schema,
    );
    if (!result.ok) return result;
    items.push(...result.value.items);
    cursor = result.value.nextCursor;
    if (!cursor) break;
  }
  return { ok: true, value: items };
}
