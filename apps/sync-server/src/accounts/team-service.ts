import { createUuidV7 } from '@tradewind/shared/ids';
import { AppError } from '@tradewind/shared/protocol/errors';
import { sql } from 'kysely';
import { writeAudit } from '../audit/audit.ts';
import type { Tx } from '../db/database.ts';
import { type Page, type PageRequest, readPage } from '../db/queries/page.ts';
import { type ChangeDeps, directoryEntry, runChange } from '../replication/run-change.ts';
import { refuseTwins } from './unique.ts';

export interface TeamView {
  id: string;
  name: string;
  createdAt: number;
}

export class TeamService {
  readonly #deps: ChangeDeps;

  constructor(deps: ChangeDeps) {
    this.#deps = deps;
  }

  /** @throws AppError `conflict` when the name is taken. */
  async create(actor: string, name: string): Promise<TeamView> {
    const at = this.#deps.now();
    const id = createUuidV7(at);
    await this.#change(id, async (tx) => {
      await tx.insertInto('teams').values({ id, name, created_at: at }).execute();
      await writeAudit(tx, { at, actor, action: 'team.create', target: `team:${id}`, after: { name } });
    });
    return this.get(id);
  }

  /** @throws AppError `not-found`, or `conflict` when the name is taken. */
  async rename(actor: string, id: string, name: string): Promise<TeamView> {
    await this.#change(id, async (tx) => {
      const row = await tx.selectFrom('teams').select('name').where('id', '=', id).forUpdate().executeTakeFirst();
      if (!row) throw notFound();
      await tx.updateTable('teams').set({ name }).where('id', '=', id).execute();
      const at = this.#deps.now();
      await writeAudit(tx, {
        at,
        actor,
        action: 'team.update',
        target: `team:${id}`,
        before: { name: row.name },
        after: { name },
      });
    });
    return this.get(id);
  }

  async get(id: string): Promise<TeamView> {
    const row = await this.#deps.db.selectFrom('teams').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) throw notFound();
    return { id: row.id, name: row.name, createdAt: row.created_at };
  }

  list(page: PageRequest): Promise<Page<TeamView>> {
    return readPage<TeamView>(this.#deps.db, page, {
      name: 'teams',
      filters: {},
      keys: [{ column: 'teams.id', type: 'string' }],
      select: sql`teams.id, teams.name, teams.created_at as "createdAt"`,
      from: sql`teams`,
      conditions: [],
    });
  }

  #change(id: string, work: (tx: Tx) => Promise<void>): Promise<void> {
    return refuseTwins('name', 'A team of this name exists.', () =>
      runChange(this.#deps, async (tx) => ({ result: await work(tx), changed: [directoryEntry(id)] })),
    );
  }
}

function notFound(): AppError {
  return new AppError('not-found', 'There is no such team.');
}
