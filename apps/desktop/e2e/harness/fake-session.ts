import type { ApiResult } from '../../src/renderer/desk/api/client.ts';
import type { Desk } from '../../src/renderer/desk/types.ts';
import type { Credentials, LoginOutcome } from '../../src/renderer/session/login-outcome.ts';
import type { Restored } from '../../src/renderer/session/session.ts';
import { fakeDesk, scenario } from './fake-desk.ts';

export async function restoreDesk(): Promise<Restored> {
  if (scenario === 'broken') throw new Error('QuotaExceededError: the disk is full');
  return scenario === 'login' ? { kind: 'out', expiredEmail: null } : { kind: 'in', desk: fakeDesk };
}

type Result = { kind: 'ok'; desk: Desk } | Exclude<LoginOutcome, { kind: 'ok' }>;

export async function logInToDesk({ password, code }: Credentials): Promise<Result> {
  if (password === 'wrong') return { kind: 'wrong' };
  if (password === 'limited') return { kind: 'limited', retryAfterMs: 42_000 };
  if (password === 'offline') return { kind: 'offline' };
  if (password === 'code' && code !== '123456') return { kind: 'code' };
  return { kind: 'ok', desk: fakeDesk };
}

export async function enterDesk(): Promise<ApiResult<Desk | null>> {
  return { ok: true, value: fakeDesk };
}
