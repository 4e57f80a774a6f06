import type { SendResult } from '../connector.ts';
import type { Db } from '../db/database.ts';
import { toStorableText } from '../db/json-text.ts';

// Why no message at all would leave, whatever it says and whoever gets it. A refused recipient or a too long text is the
// message's own trouble, a limit passes by itself.
const ACCOUNT_FAILURES = new Set([
  'not-configured',
  'unauthorised',
  'forbidden',
  'unknown-domain',
  'address-refused',
  'unreachable',
  'unavailable',
]);

/** Sending through an account fails since then, in the platform's words. */
export interface SendProblem {
  text: string;
  since: number;
}

/** Keeps on the account what a send says about it: a problem since its first failure, or that it works. */
export async function noteSendResult(db: Db, accountId: string, result: SendResult, nowMs: number): Promise<void> {
  const update = db.updateTable('accounts').where('id', '=', accountId);
  if (result.status === 'sent') {
    // Almost always there is nothing to clear, and nothing is written.
    await update.set({ send_problem: null, send_problem_since: null }).where('send_problem', 'is not', null).execute();
  } else if (result.status === 'failed' && ACCOUNT_FAILURES.has(result.reason.kind)) {
    const text = toStorableText(result.reason.text);
    await update
      .set((eb) => ({ send_problem: text, send_problem_since: eb.fn.coalesce('send_problem_since', eb.val(nowMs)) }))
      .execute();
  }
}

export function toSendProblem(row: {
  send_problem: string | null;
  send_problem_since: number | null;
}): SendProblem | null {
  return row.send_problem === null || row.send_problem_since === null
    ? null
    : { text: row.send_problem, since: row.send_problem_since };
}
