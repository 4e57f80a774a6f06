import { createUuidV7 } from '@tradewind/shared/ids';
import { AppError } from '@tradewind/shared/protocol/errors';
import { sql } from 'kysely';
import { writeAudit } from '../audit/audit.ts';
import type { Db, Tx } from '../db/database.ts';
import { type Page, type PageRequest, readPage } from '../db/queries/page.ts';
import { appendChanges, type ChangeBus, headOf } from '../replication/change-log.ts';
import { isTaken } from './unique.ts';

export interface TeamView {
  id: string;
  name: string;
  createdAt: number;
}

export interface TeamServiceDeps {
  db: Db;
  bus: ChangeBus;
  now: () => number;
}

export class TeamService {
  readonly #deps: TeamServiceDeps;

  constructor(deps: TeamServiceDeps) {
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

  async #change(id: string, work: (tx: Tx) => Promise<void>): Promise<void> {
    try {
      const appended = await this.#deps.db.transaction().execute(async (tx) => {
        await work(tx);
        return appendChanges(tx, [{ collection: 'directory', id, scopes: ['desk'] }], this.#deps.now());
      });
      this.#deps.bus.announce(headOf(appended));
    } catch (error) {
      if (!isTaken(error)) throw error;
      throw new AppError('conflict', 'A team of this name exists.', {
        errors: [{ path: 'name', message: 'is taken' }],
      });
    }
  }
}

function notFound(): AppError {
  return new AppError('not-found', 'There is no such team.');
}
