import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../apps/sync-server/src/db/database.ts';

/** Looks at the events waiting in the measured server's database, from outside. */
export function openBacklog(databaseUrl: string) {
  const { db, close } = openDatabase(databaseUrl, { maxConnections: 1 });
  const count = async (state: 'pending' | 'processed') => {
    const row = await db
      .selectFrom('inbound_states')
      .select((eb) => eb.fn.countAll<number>().as('events'))
      .where('state', '=', state)
      .executeTakeFirst();
    return Number(row?.events ?? 0);
  };
  return {
    close,
    countPending: () => count('pending'),
    countProcessed: () => count('processed'),
    /** @returns seconds until nothing waits. @throws when that takes longer than `limitSeconds`. */
    waitUntilEmpty: async (limitSeconds: number): Promise<number> => {
      const startedAt = performance.now();
      for (;;) {
        const waiting = await count('pending');
        const seconds = (performance.now() - startedAt) / 1000;
        if (waiting === 0) return seconds;
        if (seconds > limitSeconds) throw new Error(`${waiting} events still wait after ${limitSeconds} s`);
        await sleep(50);
      }
    },
  };
}
