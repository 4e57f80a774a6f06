import type { ConnectedAccount } from '../accounts/connected-account.ts';
import type { IncomingOrder } from '../connector.ts';
import type { Db } from '../db/database.ts';
import { holdScopes } from '../db/scope-lock.ts';
import { appendChanges, type ChangeBus, headOf } from '../replication/change-log.ts';
import { applyOrderEvent, wantForOrder } from './apply-order.ts';
import { UnitOfWork } from './unit-of-work.ts';
import { createWanted } from './wanted.ts';

export interface ApplyReadOrderDeps {
  db: Db;
  bus: ChangeBus;
  now: () => number;
  createId: () => string;
}

/**
 * Takes in an order read from its shop, by the rules for one that came as an event (R12), in a transaction of its own. A
 * webhook may bring the same order at the same moment: the loser of the two meets a unique key and may simply try again.
 */
export async function applyReadOrder(
  deps: ApplyReadOrderDeps,
  account: ConnectedAccount,
  order: IncomingOrder,
): Promise<void> {
  const { db, bus, now, createId } = deps;
  const head = await db.transaction().execute(async (tx) => {
    await holdScopes(tx);
    const { team_ids: teamIds } = await tx
      .selectFrom('accounts')
      .select('team_ids')
      .where('id', '=', account.id)
      .executeTakeFirstOrThrow();
    const work = new UnitOfWork(tx, { ...account, teamIds });
    const event = { type: 'order', order } as const;
    const wanted = createWanted();
    wantForOrder(event, account.id, wanted);
    await work.load(wanted);
    applyOrderEvent(work, event, now(), { createId, orderStatus: account.orderStatus });
    return headOf(await appendChanges(tx, await work.save(now()), now()));
  });
  bus.announce(head);
}
