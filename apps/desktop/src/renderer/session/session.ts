import type { ErasingReason } from '@tradewind/shared/protocol/erasing';
import type { ApiResult } from '../desk/api/client.ts';
import { type ErasingMark, findErasing, finishErasing, markErasing } from '../desk/erase.ts';
import { openDesk } from '../desk/open-desk.ts';
import { type DeskSession, forgetSession, logIn, resetPassword, restoreSession, signIn } from '../desk/session.ts';
import type { Desk } from '../desk/types.ts';
import { currentServer } from '../platform/platform.ts';
import type { Credentials, LoginOutcome } from './login-outcome.ts';

/** Who is at the desk when the window opens; `expiredEmail` names the agent whose data waits here for his password. */
export type Restored =
  | { kind: 'in'; desk: Desk }
  | { kind: 'out'; expiredEmail: string | null }
  /** The server had everything of the agent erased on this device. */
  | { kind: 'erased'; reason: ErasingReason };

/** @throws when the local store cannot be opened. */
export async function restoreDesk(): Promise<Restored> {
  const origin = currentServer() ?? '';
  const begun = findErasing(origin);
  if (begun) return eraseNow(origin, begun);
  const result = await restoreSession();
  if (result.kind === 'erasing') {
    const mark = { agentId: result.agent.id, reason: result.reason };
    markErasing(origin, mark);
    return eraseNow(origin, mark);
  }
  if (result.kind === 'signed-in') return { kind: 'in', desk: await openDesk(result.session) };
  return { kind: 'out', expiredEmail: result.kind === 'expired' ? result.agent.email : null };
}

async function eraseNow(origin: string, mark: ErasingMark): Promise<Restored> {
  await finishErasing(origin, mark);
  await forgetSession(origin);
  return { kind: 'erased', reason: mark.reason };
}

/** Logs in and opens the agent's desk; for the agent whose desk is open and locked it is the same desk, unlocked. */
export async function logInToDesk(
  credentials: Credentials,
): Promise<{ kind: 'ok'; desk: Desk } | Exclude<LoginOutcome, { kind: 'ok' }>> {
  const result = await logIn(credentials);
  switch (result.kind) {
    case 'signed-in':
      return { kind: 'ok', desk: await openDesk(result.session) };
    case 'wrong-credentials':
      return { kind: 'wrong' };
    case 'code-required':
      return { kind: 'code' };
    case 'rate-limited':
      return { kind: 'limited', retryAfterMs: result.retryAfterMs };
    case 'unreachable':
      return { kind: 'offline' };
    case 'silent-too-long':
      return { kind: 'silent' };
    case 'failed':
      return result;
  }
}

/** Ways to a desk that begin with a link: each answers with a session, as a login does. */
export type Entrance =
  | { by: 'setup'; code: string; email: string; name: string; password: string; deskName: string; timeZone: string }
  | { by: 'invite'; token: string; name: string; password: string }
  | { by: 'reset'; token: string; password: string };

/**
 * Opens the desk of whoever holds a good link; the answer says why a link is not.
 *
 * @returns null after a reset where log-ins need a code: the password is set, and the log-in form asks for the rest.
 */
export async function enterDesk(entrance: Entrance): Promise<ApiResult<Desk | null>> {
  const result = await postEntrance(entrance);
  if (!result.ok) return result;
  if (result.value === null) return { ok: true, value: null };
  return { ok: true, value: await openDesk(result.value) };
}

function postEntrance(entrance: Entrance): Promise<ApiResult<DeskSession | null>> {
  switch (entrance.by) {
    case 'setup': {
      const { by: _, ...first } = entrance;
      return signIn('/api/setup', first);
    }
    case 'invite': {
      const { token, name, password } = entrance;
      return signIn(`/api/invites/by-token/${encodeURIComponent(token)}/accept`, { name, password });
    }
    case 'reset':
      return resetPassword(entrance.token, entrance.password);
  }
}
