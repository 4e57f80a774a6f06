import { writeAudit } from '../../audit/audit.ts';
import type { Db } from '../database.ts';

/** Puts a dead letter back into its lane (R4), with an audit row. @returns where it waits now, or why it does not. */
export function replayDeadLetter(
  db: Db,
  eventId: number,
  actor: string,
  nowMs: number,
): Promise<{ accountId: string; lane: number } | 'unknown' | 'not-dead'> {
  return db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('inbound_states')
      .select(['account_id', 'lane', 'state', 'reason'])
      .where('event_id', '=', eventId)
      .forUpdate()
      .executeTakeFirst();
    if (!row) return 'unknown';
    if (row.state !== 'dead') return 'not-dead';
    const next = { state: 'pending', reason: null, at: nowMs } as const;
    await tx.updateTable('inbound_states').set(next).where('event_id', '=', eventId).execute();
    const target = `inbound-event:${eventId}`;
    await writeAudit(tx, { at: nowMs, actor, action: 'dead-letter.replay', target, before: { reason: row.reason } });
    return { accountId: row.account_id, lane: row.lane };
  });
}
