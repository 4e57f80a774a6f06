import { openDesk } from '../desk/open-desk.ts';
import { logIn, restoreSession } from '../desk/session.ts';
import type { Desk } from '../desk/types.ts';
import type { LoginOutcome } from './login-outcome.ts';

/** Who is at the desk when the window opens; `expiredEmail` names the agent whose data waits here for his password. */
export type Restored = { kind: 'in'; desk: Desk } | { kind: 'out'; expiredEmail: string | null };

/** @throws when the local store cannot be opened. */
export async function restoreDesk(): Promise<Restored> {
  const result = await restoreSession();
  if (result.kind === 'signed-in') return { kind: 'in', desk: await openDesk(result.session) };
  return { kind: 'out', expiredEmail: result.kind === 'expired' ? result.agent.email : null };
}

/** Logs in and opens the agent's desk; for the agent whose desk is open and locked it is the same desk, unlocked. */
export async function logInToDesk(
  email: string,
  password: string,
): Promise<{ kind: 'ok'; desk: Desk } | Exclude<LoginOutcome, { kind: 'ok' }>> {
  const result = await logIn({ email, password });
  switch (result.kind) {
    case 'signed-in':
      return { kind: 'ok', desk: await openDesk(result.session) };
    case 'wrong-credentials':
      return { kind: 'wrong' };
    case 'code-required':
      return { kind: 'failed', detail: 'code-required' };
    case 'rate-limited':
      return { kind: 'limited', retryAfterMs: result.retryAfterMs };
    case 'unreachable':
      return { kind: 'offline' };
    case 'failed':
      return result;
  }
}
