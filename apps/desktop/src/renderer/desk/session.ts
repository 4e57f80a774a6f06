import { z } from 'zod';
import { apiFetch, wantsCookie } from '../platform/api.ts';
import { adoptToken, currentServer, platform } from '../platform/platform.ts';
import { type ApiFailure, type ApiResult, requestApi } from './api/client.ts';
import type { Desk } from './types.ts';

/** Who is signed in where. The proof is not here: an HttpOnly cookie in the browser, a token the shell keeps in the desktop app. */
export interface DeskSession {
  /** The server, such as `https://desk.example`. */
  origin: string;
  agent: Desk['agent'];
}

export type LogInResult =
  | { kind: 'signed-in'; session: DeskSession }
  | { kind: 'wrong-credentials' }
  /** The password is right; the account also asks for a code. */
  | { kind: 'code-required' }
  | { kind: 'rate-limited'; retryAfterMs: number }
  | { kind: 'unreachable' }
  | { kind: 'failed'; detail: string };

export type RestoreResult =
  /** `verified` is false where the server could not be asked: the console opens with what it has. */
  | { kind: 'signed-in'; session: DeskSession; verified: boolean }
  /** The session ended; the data of this agent lies here, locked until the same agent logs in. */
  | { kind: 'expired'; agent: Desk['agent'] }
  | { kind: 'signed-out' };

const LOG_OUT_TIMEOUT_MS = 20_000;
/** A start must not wait for a network that swallows requests; replication finds out later. */
const RESTORE_TIMEOUT_MS = 3_000;

const agentSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: z.enum(['admin', 'agent']),
});
const rememberedSchema = z.object({ origin: z.string(), agent: agentSchema });
const signedInSchema = z.object({
  agent: agentSchema.extend({ totp: z.boolean().catch(false) }),
  token: z.string().optional(),
});

export async function logIn(credentials: { email: string; password: string; code?: string }): Promise<LogInResult> {
  const result = await signIn('/api/auth/login', credentials);
  return result.ok ? { kind: 'signed-in', session: result.value } : toLogInFailure(result.failure);
}

/**
 * Posts what proves who somebody is (a password, the code of a new desk, an invitation) and keeps the session the server
 * answers with.
 *
 * @param path - a route that answers with `{agent, token?}`.
 */
export async function signIn(path: string, proof: object): Promise<ApiResult<DeskSession>> {
  const result = await postProof(path, proof);
  return result.ok ? { ok: true, value: await keep(result.value) } : result;
}

/**
 * Sets a new password by a link.
 *
 * @returns the session it begins; null where log-ins need a code, which a link is no proof of.
 */
export async function resetPassword(token: string, password: string): Promise<ApiResult<DeskSession | null>> {
  const result = await postProof('/api/auth/reset', { token, password });
  if (!result.ok) return result;
  return { ok: true, value: result.value.agent.totp ? null : await keep(result.value) };
}

function postProof(path: string, proof: object): Promise<ApiResult<z.infer<typeof signedInSchema>>> {
  return requestApi(path, signedInSchema, { method: 'POST', body: { ...proof, cookie: wantsCookie() } });
}

async function keep({ agent, token }: z.infer<typeof signedInSchema>): Promise<DeskSession> {
  if (token !== undefined) await adoptToken(token);
  const { id, name, email, role } = agent;
  const session = { origin: currentServer() ?? '', agent: { id, name, email, role } };
  remember(session);
  return session;
}

function toLogInFailure(failure: ApiFailure): LogInResult {
  if (failure.kind === 'unreachable') return { kind: 'unreachable' };
  if (failure.type === 'urn:tradewind:code-required') return { kind: 'code-required' };
  if (failure.status === 401) return { kind: 'wrong-credentials' };
  if (failure.status === 429) return { kind: 'rate-limited', retryAfterMs: failure.retryAfterMs ?? 0 };
  return { kind: 'failed', detail: failure.title };
}

/** Finds out who was at this desk last, and asks the server whether that still holds, if it can be asked. */
export async function restoreSession(): Promise<RestoreResult> {
  const origin = currentServer();
  if (origin === null) return { kind: 'signed-out' };
  const remembered = readRemembered(origin);
  const answer = await askWhoIAm();
  if (answer.kind === 'agent') {
    const session = { origin, agent: answer.agent };
    remember(session);
    return { kind: 'signed-in', session, verified: true };
  }
  if (!remembered) return { kind: 'signed-out' };
  if (answer.kind === 'nobody') return { kind: 'expired', agent: remembered.agent };
  return { kind: 'signed-in', session: remembered, verified: false };
}

async function askWhoIAm(): Promise<{ kind: 'agent'; agent: Desk['agent'] } | { kind: 'nobody' | 'no-answer' }> {
  if (!navigator.onLine) return { kind: 'no-answer' };
  try {
    const response = await apiFetch('/api/me', { signal: AbortSignal.timeout(RESTORE_TIMEOUT_MS) });
    if (response.status === 401) return { kind: 'nobody' };
    const parsed = agentSchema.safeParse(await response.json());
    return response.ok && parsed.success ? { kind: 'agent', agent: parsed.data } : { kind: 'no-answer' };
  } catch {
    return { kind: 'no-answer' };
  }
}

/** Ends the session on the server (best effort: there may be no network) and forgets it here. */
export async function endSession(origin: string): Promise<void> {
  localStorage.removeItem(toKey(origin));
  await apiFetch('/api/auth/logout', { method: 'POST', signal: AbortSignal.timeout(LOG_OUT_TIMEOUT_MS) }).catch(
    () => undefined,
  );
  await platform.bridge?.session.clear();
}

/**
 * Calls back when another tab signs in as somebody else: the cookie is theirs from then on, and nothing of this agent
 * may be sent under it. Returns a function that ends it.
 */
export function onOtherAgent(session: DeskSession, callback: () => void): () => void {
  const handleStorage = (event: StorageEvent) => {
    if (event.key !== toKey(session.origin) || event.newValue === null) return;
    const other = parseRemembered(event.newValue);
    if (other && other.agent.id !== session.agent.id) callback();
  };
  window.addEventListener('storage', handleStorage);
  return () => window.removeEventListener('storage', handleStorage);
}

function remember(session: DeskSession): void {
  localStorage.setItem(toKey(session.origin), JSON.stringify({ origin: session.origin, agent: session.agent }));
}

/** The desktop app works with several servers, one after the other, from one origin. */
function toKey(origin: string): string {
  return `tradewind.session/${origin}`;
}

function readRemembered(origin: string): DeskSession | null {
  const text = localStorage.getItem(toKey(origin));
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
