import type { Desk } from '../../src/renderer/desk/types.ts';
import type { LoginOutcome } from '../../src/renderer/session/login-outcome.ts';
import type { Restored } from '../../src/renderer/session/session.ts';
import { fakeDesk, scenario } from './fake-desk.ts';

export async function restoreDesk(): Promise<Restored> {
  if (scenario === 'broken') throw new Error('QuotaExceededError: the disk is full');
  return scenario === 'login' ? { kind: 'out', expiredEmail: null } : { kind: 'in', desk: fakeDesk };
}

type Result = { kind: 'ok'; desk: Desk } | Exclude<LoginOutcome, { kind: 'ok' }>;

export async function logInToDesk(_email: string, password: string): Promise<Result> {
  if (password === 'wrong') return { kind: 'wrong' };
  if (password === 'limited') return { kind: 'limited', retryAfterMs: 42_000 };
  if (password === 'offline') return { kind: 'offline' };
  return { kind: 'ok', desk: fakeDesk };
}
