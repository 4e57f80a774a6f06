import { type ErasingReason, erasingProblemSchema } from '@tradewind/shared/protocol/erasing';
import { z } from 'zod';
import { apiFetch, wantsCookie } from '../platform/api.ts';
import { adoptToken, currentServer, platform } from '../platform/platform.ts';
import { type ApiFailure, type ApiResult, requestApi } from './api/client.ts';
import { KeptAgents, LONGEST_OFFLINE_MS } from './kept-agents.ts';
import { createVerifier, unlockOffline } from './offline-password.ts';
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
  /** Nor can he be let in without the server, which has been silent for too long. */
  | { kind: 'silent-too-long' }
  | { kind: 'failed'; detail: string };

export type RestoreResult =
  /** `verified` is false where the server could not be asked: the console opens with what it has. */
  | { kind: 'signed-in'; session: DeskSession; verified: boolean }
  /** The session ended; the data of this agent lies here, locked until the same agent logs in. */
  | { kind: 'expired'; agent: Desk['agent'] }
  /** All of this agent has to be erased here. */
  | { kind: 'erasing'; agent: Desk['agent']; reason: ErasingReason }
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

/**
 * Logs in at the server; where it cannot be reached, an agent whose data lies here is let in by the password he typed the
 * last time. Then nothing is sent before the server has let him in too: it answers 401, and he is asked once more.
 */
export async function logIn(credentials: { email: string; password: string; code?: string }): Promise<LogInResult> {
  const result = await signIn('/api/auth/login', credentials);
  if (result.ok) return { kind: 'signed-in', session: result.value };
  const failure = toLogInFailure(result.failure);
  return failure.kind === 'unreachable' ? logInOffline(credentials) : failure;
}

async function logInOffline(credentials: { email: string; password: string }): Promise<LogInResult> {
  const origin = currentServer() ?? '';
  const outcome = await unlockOffline(new KeptAgents(localStorage, origin), credentials);
  switch (outcome.kind) {
    case 'ok': {
      const session = { origin, agent: outcome.agent };
      remember(session);
      return { kind: 'signed-in', session };
    }
    case 'wrong':
      return { kind: 'wrong-credentials' };
    case 'limited':
      return { kind: 'rate-limited', retryAfterMs: outcome.retryAfterMs };
    case 'too-long':
      return { kind: 'silent-too-long' };
    case 'unknown':
      return { kind: 'unreachable' };
  }
}

/**
 * Posts what proves who somebody is (a password, the code of a new desk, an invitation) and keeps the session the server
 * answers with.
 *
 * @param path - a route that answers with `{agent, token?}`.
 */
export async function signIn(path: string, proof: object): Promise<ApiResult<DeskSession>> {
  const result = await postProof(path, proof);
  if (!result.ok) return result;
  const session = await keep(result.value);
  if ('password' in proof && typeof proof.password === 'string') await keepVerifier(session, proof.password);
  return { ok: true, value: session };
}

/** Whether an agent who logs out and keeps his data can come back without the server. */
export function canUnlockOffline(agentId: string): boolean {
  return new KeptAgents(localStorage, currentServer() ?? '').find(agentId)?.verifier != null;
}

/** So that he can come back here without the server. */
async function keepVerifier({ origin, agent }: DeskSession, password: string): Promise<void> {
  new KeptAgents(localStorage, origin).noteVerifier(agent.id, await createVerifier(password));
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
  localStorage.removeItem(toLeftKey(session.origin));
  remember(session);
  new KeptAgents(localStorage, session.origin).noteContact(session.agent);
  return session;
}

function toLogInFailure(failure: ApiFailure): LogInResult {
  if (failure.kind === 'unreachable') return { kind: 'unreachable' };
  if (failure.type === 'urn:tradewind:code-required') return { kind: 'code-required' };
  if (failure.status === 401) return { kind: 'wrong-credentials' };
  if (failure.status === 429) return { kind: 'rate-limited', retryAfterMs: failure.retryAfterMs ?? 0 };
  return { kind: 'failed', detail: failure.title };
}

/** Whose data lies on this device, whoever was here last in front; whether a password lets him in without the server. */
export function listKept(): { agent: Desk['agent']; offline: boolean }[] {
  const origin = currentServer();
  if (origin === null) return [];
  return new KeptAgents(localStorage, origin)
    .list()
    .map(({ agent, verifier }) => ({ agent, offline: verifier !== null }));
}

/** How many days an agent's console may go on without a word from the server; 0: it shows nothing any more. */
export function daysUntilSealed(agentId: string): number {
  const kept = new KeptAgents(localStorage, currentServer() ?? '');
  const found = kept.find(agentId);
  return found ? Math.max(0, Math.ceil((LONGEST_OFFLINE_MS - kept.silentFor(found)) / 86_400_000)) : Infinity;
}

/** Finds out who was at this desk last, and asks the server whether that still holds, if it can be asked. */
export async function restoreSession(): Promise<RestoreResult> {
  const origin = currentServer();
  if (origin === null) return { kind: 'signed-out' };
  if (await hasLeft(origin)) return { kind: 'signed-out' };
  const remembered = readRemembered(origin);
  const answer = await askWhoIAm();
  if (answer.kind === 'erasing' && answer.agentId === remembered?.agent.id) {
    return { kind: 'erasing', agent: remembered.agent, reason: answer.reason };
  }
  if (answer.kind === 'agent') {
    const session = { origin, agent: answer.agent };
    remember(session);
    return { kind: 'signed-in', session, verified: true };
  }
  if (!remembered) return { kind: 'signed-out' };
  if (answer.kind === 'nobody' || answer.kind === 'erasing') return { kind: 'expired', agent: remembered.agent };
  return { kind: 'signed-in', session: remembered, verified: false };
}

type WhoIAm =
  | { kind: 'agent'; agent: Desk['agent'] }
  | { kind: 'nobody' | 'no-answer' }
  | { kind: 'erasing'; agentId: string; reason: ErasingReason };

async function askWhoIAm(): Promise<WhoIAm> {
  if (!navigator.onLine) return { kind: 'no-answer' };
  try {
    const response = await apiFetch('/api/me', { signal: AbortSignal.timeout(RESTORE_TIMEOUT_MS) });
    if (response.status === 401) {
      const erasing = erasingProblemSchema.safeParse(await response.json().catch(() => null)).data;
      return erasing ? { kind: 'erasing', ...erasing } : { kind: 'nobody' };
    }
    const parsed = agentSchema.safeParse(await response.json());
    return response.ok && parsed.success ? { kind: 'agent', agent: parsed.data } : { kind: 'no-answer' };
  } catch {
    return { kind: 'no-answer' };
  }
}

/** Forgets the session here, which the server has ended already. */
export async function forgetSession(origin: string): Promise<void> {
  localStorage.removeItem(toKey(origin));
  await platform.bridge?.session.clear();
}

/**
 * Ends the session on the server, and forgets it here. Where there is no network, the browser's cookie outlives the log-out:
 * until the server has ended it, nobody is let in by it.
 */
export async function endSession(origin: string): Promise<void> {
  localStorage.removeItem(toKey(origin));
  localStorage.setItem(toLeftKey(origin), '1');
  if (await askToEnd(LOG_OUT_TIMEOUT_MS)) localStorage.removeItem(toLeftKey(origin));
  await forgetSession(origin);
}

async function askToEnd(timeoutMs: number): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const { ok, status } = await apiFetch('/api/auth/logout', { method: 'POST', signal });
    return ok || status === 401;
  } catch {
    return false; // asked again at the next start
  }
}

/** Whether somebody logged out here without a network, so that the cookie is still good; asks the server once more to end it. */
async function hasLeft(origin: string): Promise<boolean> {
  if (localStorage.getItem(toLeftKey(origin)) === null) return false;
  if (navigator.onLine && (await askToEnd(RESTORE_TIMEOUT_MS))) localStorage.removeItem(toLeftKey(origin));
  return true;
}

function toLeftKey(origin: string): string {
  return `tradewind.left/${origin}`;
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
