import type { Account } from '../api/accounts.ts';

/** An account that was just connected, of which nothing has been heard. */
export function buildAccount(change: Partial<Account> = {}): Account {
  return {
    id: 'a1',
    kind: 'mailgun',
    name: 'Mail',
    config: {},
    teamIds: [],
    address: '',
    webhookUrl: '',
    rejected: 0,
    lastRejectedAt: null,
    lastRejectReason: null,
    lastEventAt: null,
    sendProblem: null,
    ...change,
  };
}
