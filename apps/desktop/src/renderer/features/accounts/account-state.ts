import type { Account } from '../../desk/api/accounts.ts';

/** How an account stands, worst first: what somebody has to do something about comes before what is merely quiet. */
export type AccountState = 'send-problem' | 'rejected' | 'waiting' | 'ok';

export function findState(account: Account): AccountState {
  if (account.sendProblem) return 'send-problem';
  if (isRejecting(account)) return 'rejected';
  return account.lastEventAt === null ? 'waiting' : 'ok';
}

/** The newest request was refused. Older refusals are history once a genuine one came. */
export function isRejecting({ lastRejectedAt, lastEventAt }: Account): boolean {
  return lastRejectedAt !== null && (lastEventAt === null || lastRejectedAt > lastEventAt);
}
