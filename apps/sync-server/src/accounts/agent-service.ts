import { createUuidV7 } from '@tradewind/shared/ids';
import { AppError } from '@tradewind/shared/protocol/errors';
import { type Selectable, sql } from 'kysely';
import { diffFields, writeAudit } from '../audit/audit.ts';
import { hashPassword } from '../auth/password.ts';
import type { SessionStore } from '../auth/session-store.ts';
import type { Db, Tx } from '../db/database.ts';
import { type Page, type PageRequest, readPage } from '../db/queries/page.ts';
import type { Tables } from '../db/tables.ts';
import { appendChanges, type ChangeBus, headOf } from '../replication/change-log.ts';
import { assertTeamsExist } from './teams-exist.ts';
import { isTaken } from './unique.ts';

/** An agent as the admin sees it: never with the password's hash. */
export interface AgentView {
  id: string;
  email: string;
  name: string;
  role: 'admin' | 'agent';
  teamIds: string[];
  disabled: boolean;
  createdAt: number;
}

export interface NewAgent {
  email: string;
  name: string;
  password: string;
  role: 'admin' | 'agent';
  teamIds: string[];
  disabled: boolean;
}

export type AgentPatch = { [K in keyof NewAgent]?: NewAgent[K] | undefined };

export interface AgentServiceDeps {
  db: Db;
  sessions: SessionStore;
  bus: ChangeBus;
  now: () => number;
}

type AgentRow = Selectable<Tables['agents']>;

/** Makes and changes agents. Who may do so is the caller's question. */
export class AgentService {
  readonly #deps: AgentServiceDeps;

  constructor(deps: AgentServiceDeps) {
    this.#deps = deps;
  }

  /** @throws AppError `conflict` when the mail address is taken, `bad-input` for an unknown team. */
  async create(actor: string, input: NewAgent): Promise<AgentView> {
    const at = this.#deps.now();
    const id = createUuidV7(at);
    const { password, teamIds, ...fields } = input;
    const password_hash = await hashPassword(password);
    await this.#change(id, async (tx) => {
      await assertTeamsExist(tx, teamIds);
      const team_ids = [...new Set(teamIds)];
      await tx
        .insertInto('agents')
        .values({ id, ...fields, team_ids, password_hash, created_at: at })
        .execute();
      await writeAudit(tx, { at, actor, action: 'agent.create', target: `agent:${id}`, after: { ...fields, teamIds } });
    });
    return this.get(id);
  }

  /**
   * Disabling an agent or setting a new password ends the agent's sessions.
   *
   * @param keepSessionId - the admin's own session, which survives a new password of the admin's own.
   * @throws AppError `not-found`; `conflict` when the mail address is taken or no admin would be left; `bad-input`.
   */
  async update(actor: string, keepSessionId: string, id: string, patch: AgentPatch): Promise<AgentView> {
    const password_hash = patch.password === undefined ? null : await hashPassword(patch.password);
    const endsSessions = patch.disabled === true || password_hash !== null;
    await this.#change(id, async (tx) => {
      const row = await lockAgentAndAdmins(tx, id);
      if (!row) throw notFound();
      const next = toPatched(row, patch);
      await assertTeamsExist(tx, next.teamIds);
      await this.#save(tx, row, next, password_hash);
      await assertAdminLeft(tx);
      if (endsSessions) await this.#deps.sessions.endAll(tx, id, patch.disabled ? null : keepSessionId, actor);
      const changed = diffFields(toAudited(row), next);
      const after = { ...changed.after, ...(password_hash === null ? {} : { password: 'changed' }) };
      await writeAudit(tx, {
        at: this.#deps.now(),
        actor,
        action: 'agent.update',
        target: `agent:${id}`,
        before: changed.before,
        after,
      });
    });
    if (endsSessions)
      this.#deps.sessions.announceEnd({ agentId: id, exceptSessionId: patch.disabled ? null : keepSessionId });
    else this.#deps.sessions.forgetCached();
    return this.get(id);
  }

  async #save(tx: Tx, row: AgentRow, next: ReturnType<typeof toPatched>, passwordHash: string | null): Promise<void> {
    const { teamIds: team_ids, ...fields } = next;
    const accessChanged = next.role !== row.role || JSON.stringify(team_ids) !== JSON.stringify(row.team_ids);
    await tx
      .updateTable('agents')
      .set({
        ...fields,
        team_ids,
        password_hash: passwordHash ?? row.password_hash,
        access_version: row.access_version + (accessChanged ? 1 : 0),
      })
      .where('id', '=', row.id)
      .execute();
  }

  async get(id: string): Promise<AgentView> {
    const row = await this.#deps.db.selectFrom('agents').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) throw notFound();
    return { id: row.id, createdAt: row.created_at, ...toAudited(row) };
  }

  list(page: PageRequest): Promise<Page<AgentView>> {
    return readPage<AgentView>(this.#deps.db, page, {
      name: 'agents',
      filters: {},
      keys: [{ column: 'a.id', type: 'string' }],
      select: sql`a.id, a.email, a.name, a.role, a.team_ids as "teamIds", a.disabled, a.created_at as "createdAt"`,
      from: sql`agents a`,
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
      const errors = [{ path: 'email', message: 'is taken' }];
      throw new AppError('conflict', 'An agent with this mail address exists.', { errors });
    }
  }
}

function toAudited(row: AgentRow) {
  return { email: row.email, name: row.name, role: row.role, teamIds: row.team_ids, disabled: row.disabled };
}

function toPatched(row: AgentRow, patch: AgentPatch): ReturnType<typeof toAudited> {
  return {
    email: patch.email ?? row.email,
    name: patch.name ?? row.name,
    role: patch.role ?? row.role,
    teamIds: patch.teamIds ? [...new Set(patch.teamIds)] : row.team_ids,
    disabled: patch.disabled ?? row.disabled,
  };
}

/** Two admins who demote each other at the same moment wait here, and the second one sees what the first one did. */
async function lockAgentAndAdmins(tx: Tx, id: string): Promise<AgentRow | undefined> {
  const rows = await tx
    .selectFrom('agents')
    .selectAll()
    .where((eb) => eb.or([eb('role', '=', 'admin'), eb('id', '=', id)]))
    .orderBy('id')
    .forUpdate()
    .execute();
  return rows.find((row) => row.id === id);
}

async function assertAdminLeft(tx: Tx): Promise<void> {
  const admin = await tx
    .selectFrom('agents')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabled', '=', false)
    .limit(1)
    .executeTakeFirst();
  if (!admin) throw new AppError('conflict', 'This is the last admin: make another one first.');
}

function notFound(): AppError {
  return new AppError('not-found', 'There is no such agent.');
}
