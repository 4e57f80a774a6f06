import type { FieldError } from '@tradewind/shared/protocol/errors';
import { z } from 'zod';
import { apiFetch } from '../../platform/api.ts';
import { currentDesk } from '../current-desk.ts';

/** Why a request of the settings or of the first steps came to nothing. */
export type ApiFailure =
  /** Nothing answered: no network, no server, or no server chosen. */
  | { kind: 'unreachable' }
  | {
      kind: 'refused';
      status: number;
      /** `urn:tradewind:{kind}` (shared/protocol/errors.ts); empty when something in between answered. */
      type: string;
      /** The server's own sentence, in English. */
      title: string;
      errors: readonly FieldError[];
      retryAfterMs: number | null;
    };

export type ApiResult<T> = { ok: true; value: T } | { ok: false; failure: ApiFailure };

const TIMEOUT_MS = 20_000;
const problemSchema = z.looseObject({
  type: z.string().default(''),
  title: z.string().default(''),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).default([]),
  retryAfterMs: z.number().nonnegative().optional(),
});

export interface ApiRequest {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  body?: unknown;
}

async function toFailure(response: Response): Promise<ApiFailure> {
  const problem = problemSchema.safeParse(await response.json().catch(() => null)).data;
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return {
    kind: 'refused',
    status: response.status,
    type: problem?.type ?? '',
    title: problem?.title || `HTTP ${response.status}`,
    errors: problem?.errors ?? [],
    retryAfterMs: problem?.retryAfterMs ?? (Number.isFinite(seconds) ? seconds * 1_000 : null),
  };
}

/**
 * Asks the server for one thing outside the replica: settings, people, accounts, first steps.
 *
 * Acts for the agent whose desk is open, and for nobody else who may have logged in in another tab since.
 *
 * @param path - such as `/api/channels`; ids in it are the caller's to encode.
 * @param schema - what the answer must be; `z.undefined()` where there is none.
 */
export async function requestApi<T>(
  path: string,
  schema: z.ZodType<T>,
  { method = 'GET', body }: ApiRequest = {},
): Promise<ApiResult<T>> {
  const agentId = currentDesk.get()?.agent.id;
  try {
    const response = await apiFetch(path, {
      method,
      headers: agentId === undefined ? {} : { 'x-tradewind-agent': agentId },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) return { ok: false, failure: await toFailure(response) };
    const answer: unknown = response.status === 204 ? undefined : await response.json();
    const parsed = schema.safeParse(answer);
    if (parsed.success) return { ok: true, value: parsed.data };
    return { ok: false, failure: unreadable(response.status) };
  } catch {
    return { ok: false, failure: { kind: 'unreachable' } };
  }
}

function unreadable(status: number): ApiFailure {
  const title = 'The answer of the server cannot be read.';
  return { kind: 'refused', status, type: '', title, errors: [], retryAfterMs: null };
}

/** Answers of requests that only succeed or fail. */
export const nothing = z.undefined();
