import { diffFields, writeAudit } from '../audit/audit.ts';
import { hasAgents } from '../auth/bootstrap.ts';
import type { Db } from '../db/database.ts';

export interface DeskView {
  name: string;
  /** An IANA name, such as `Asia/Shanghai`: what "today" and opening hours mean. */
  timeZone: string;
}

export type DeskPatch = { [K in keyof DeskView]?: DeskView[K] | undefined };

/** What the desk is called and where its day begins. */
export class DeskService {
  readonly #db: Db;
  readonly #now: () => number;

  constructor(db: Db, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  async get(): Promise<DeskView> {
    const row = await this.#db.selectFrom('desk').selectAll().executeTakeFirstOrThrow();
    return { name: row.name, timeZone: row.time_zone };
  }

  async update(actor: string, patch: DeskPatch): Promise<DeskView> {
    return this.#db.transaction().execute(async (tx) => {
      const row = await tx.selectFrom('desk').selectAll().forUpdate().executeTakeFirstOrThrow();
      const before: DeskView = { name: row.name, timeZone: row.time_zone };
      const next: DeskView = { name: patch.name ?? before.name, timeZone: patch.timeZone ?? before.timeZone };
      await tx.updateTable('desk').set({ name: next.name, time_zone: next.timeZone }).execute();
      await writeAudit(tx, {
        at: this.#now(),
        actor,
        action: 'desk.update',
        target: `desk:${row.id}`,
        ...diffFields({ ...before }, { ...next }),
      });
      return next;
    });
  }

  /** What a visitor without a session may know, to see the right first screen. */
  async describe(): Promise<{ needsSetup: boolean; deskName: string; timeZone: string; mode: 'demo' | 'desk' }> {
    const row = await this.#db.selectFrom('desk').selectAll().executeTakeFirstOrThrow();
    const needsSetup = !(await hasAgents(this.#db));
    return { needsSetup, deskName: row.name, timeZone: row.time_zone, mode: row.mode };
  }
}
