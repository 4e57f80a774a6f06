import type { Db, Tx } from '../db/database.ts';
import { appendChanges, type ChangeBus, type ChangeEntry, headOf } from './change-log.ts';

export interface ChangeDeps {
  db: Db;
  bus: ChangeBus;
  now: () => number;
}

/** What a change did, and the documents it changed. */
export interface Changed<T> {
  result: T;
  changed: readonly ChangeEntry[];
}

/** Runs a change in one transaction, with its change-log rows as the last statement (R5); once committed, this process hears of it. */
export async function runChange<T>(deps: ChangeDeps, work: (tx: Tx) => Promise<Changed<T>>): Promise<T> {
  const { result, head } = await deps.db.transaction().execute(async (tx) => {
    const { result, changed } = await work(tx);
    return { result, head: headOf(await appendChanges(tx, changed, deps.now())) };
  });
  deps.bus.announce(head);
  return result;
}

/** Agents, teams and accounts are known to the whole desk. */
export function directoryEntry(id: string): ChangeEntry {
  return { collection: 'directory', id, scopes: ['desk'] };
}
