import { z } from 'zod';
import type { Desk } from './types.ts';

/** Who is signed in where. In the browser the HttpOnly cookie is the proof and there is no token here. */
export interface DeskSession {
  /** The server, such as `https://desk.example`. */
  origin: string;
  agent: Desk['agent'];
  token?: string;
}

export type LogInResult =
  | { kind: 'signed-in'; session: DeskSession }
  | { kind: 'wrong-credentials' }
  | { kind: 'rate-limited'; retryAfterMs: number }
  | { kind: 'unreachable' }
  | { kind: 'failed'; detail: string };

export type RestoreResult =
  /** `verified` is false where the server could not be asked: the console opens with what it has. */
  | { kind: 'signed-in'; session: DeskSession; verified: boolean }
  /** The session ended; the data of this agent lies here, locked until the same agent logs in. */
  | { kind: 'expired'; agent: Desk['agent'] }
  | { kind: 'signed-out' };

const REMEMBERED_KEY = 'tradewind.session';
const LOG_IN_TIMEOUT_MS = 20_000;
/** A start must not wait for a network that swallows requests; replication finds out later. */
const RESTORE_TIMEOUT_MS = 3_000;
const UNSAFE_HEADERS = { 'content-type': 'application/json', 'x-tradewind-csrf': '1' };

const agentSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: z.enum(['admin', 'agent']),
});
const rememberedSchema = z.object({ origin: z.string(), agent: agentSchema });
const problemSchema = z.looseObject({ title: z.string().optional(), retryAfterMs: z.number().optional() });

export async function logIn(credentials: { email: string; password: string }): Promise<LogInResult> {
  const { origin } = window.location;
  try {
    const response = await fetch(`${origin}/api/auth/login`, {
      method: 'POST',
      headers: UNSAFE_HEADERS,
      body: JSON.stringify({ ...credentials, cookie: true }),
      signal: AbortSignal.timeout(LOG_IN_TIMEOUT_MS),
    });
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok) return toLogInFailure(response, problemSchema.safeParse(body).data ?? {});
    const parsed = z.object({ agent: agentSchema }).safeParse(body);
    if (!parsed.success) return { kind: 'failed', detail: 'The answer of the server cannot be read.' };
    const session = { origin, agent: parsed.data.agent };
    remember(session);
    return { kind: 'signed-in', session };
  } catch {
    return { kind: 'unreachable' };
  }
}

function toLogInFailure(response: Response, problem: z.infer<typeof problemSchema>): LogInResult {
  if (response.status === 401) return { kind: 'wrong-credentials' };
  if (response.status === 429) {
    const seconds = Number(response.headers.get('retry-after') ?? 0);
    return {
      kind: 'rate-limited',
      retryAfterMs: problem.retryAfterMs ?? (Number.isFinite(seconds) ? seconds * 1_000 : 0),
    };
  }
  return { kind: 'failed', detail: problem.title ?? `HTTP ${response.status}` };
}

/** Finds out who was at this desk last, and asks the server whether that still holds, if it can be asked. */
export async function restoreSession(): Promise<RestoreResult> {
  const { origin } = window.location;
  const remembered = readRemembered(origin);
  const answer = await askWhoIAm(origin);
  if (answer.kind === 'agent') {
    const session = { origin, agent: answer.agent };
    remember(session);
    return { kind: 'signed-in', session, verified: true };
  }
  if (!remembered) return { kind: 'signed-out' };
  if (answer.kind === 'nobody') return { kind: 'expired', agent: remembered.agent };
  return { kind: 'signed-in', session: remembered, verified: false };
}

async function askWhoIAm(
  origin: string,
): Promise<{ kind: 'agent'; agent: Desk['agent'] } | { kind: 'nobody' | 'no-answer' }> {
  if (!navigator.onLine) return { kind: 'no-answer' };
  try {
    const response = await fetch(`${origin}/api/me`, {
      cache: 'no-store',
      signal: AbortSignal.timeout(RESTORE_TIMEOUT_MS),
    });
    if (response.status === 401) return { kind: 'nobody' };
    const parsed = agentSchema.safeParse(await response.json());
    return response.ok && parsed.success ? { kind: 'agent', agent: parsed.data } : { kind: 'no-answer' };
  } catch {
    return { kind: 'no-answer' };
  }
}

/** Ends the session on the server (best effort: there may be no network) and forgets it here. */
export async function endSession(origin: string): Promise<void> {
  localStorage.removeItem(REMEMBERED_KEY);
  await fetch(`${origin}/api/auth/logout`, {
    method: 'POST',
    headers: UNSAFE_HEADERS,
    signal: AbortSignal.timeout(LOG_IN_TIMEOUT_MS),
  }).catch(() => undefined);
}

/**
 * Calls back when another tab signs in as somebody else: the cookie is theirs from then on, and nothing of this agent
 * may be sent under it. Returns a function that ends it.
 */
export function onOtherAgent(session: DeskSession, callback: () => void): () => void {
  const handleStorage = (event: StorageEvent) => {
    if (event.key !== REMEMBERED_KEY || event.newValue === null) return;
    const other = parseRemembered(event.newValue);
    if (other && other.agent.id !== session.agent.id) callback();
  };
  window.addEventListener('storage', handleStorage);
  return () => window.removeEventListener('storage', handleStorage);
}

function remember(session: DeskSession): void {
  localStorage.setItem(REMEMBERED_KEY, JSON.stringify({ origin: session.origin, agent: session.agent }));
}

function readRemembered(origin: string): DeskSession | null {
  const text = localStorage.getItem(REMEMBERED_KEY);
  const session = text === null ? null : parseRemembered(text);
  return session?.origin === origin ? session : null;
}

function parseRemembered(text: string): DeskSession | null {
  try {
    return rememberedSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null; // somebody else's or half-written: as if nobody had been here
  }
}
