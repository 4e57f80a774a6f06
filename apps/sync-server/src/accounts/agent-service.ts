import { AppError } from '@tradewind/shared/protocol/errors';
import { sql } from 'kysely';
import { diffFields, writeAudit } from '../audit/audit.ts';
import { insertAgent } from '../auth/insert-agent.ts';
import { type AgentRow, hasTotp } from '../auth/own-agent.ts';
import { hashPassword } from '../auth/password.ts';
import { forgetReset } from '../auth/password-resets.ts';
import { assertPasswordAllowed } from '../auth/password-rules.ts';
import type { SessionStore } from '../auth/session-store.ts';
import type { Tx } from '../db/database.ts';
import { type Page, type PageRequest, readPage } from '../db/queries/page.ts';
import { lockScopes } from '../db/scope-lock.ts';
import type { ChangeEntry } from '../replication/change-log.ts';
import { type ChangeDeps, directoryEntry, runChange } from '../replication/run-change.ts';
import { findReceiver, handOver } from './hand-over.ts';
import { revokeOpen } from './invite-service.ts';
import { assertTeamsExist } from './teams-exist.ts';
import { refuseTwins } from './unique.ts';

/** An agent as the admin sees it: never with the password's hash. */
export interface AgentView {
  id: string;
  email: string;
  name: string;
  role: 'admin' | 'agent';
  teamIds: string[];
  disabled: boolean;
  /** Log-ins need a code of the authenticator app too. */
  totp: boolean;
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

export type AgentPatch = { [K in keyof NewAgent]?: NewAgent[K] | undefined } & {
  /** With `disabled: true`: who gets the agent's unresolved conversations; absent or null: nobody. */
  reassignTo?: string | null | undefined;
};

export interface AgentServiceDeps extends ChangeDeps {
  sessions: SessionStore;
}

/** Makes and changes agents. Who may do so is the caller's question. */
export class AgentService {
  readonly #deps: AgentServiceDeps;

  constructor(deps: AgentServiceDeps) {
    this.#deps = deps;
  }

  /** @throws AppError `conflict` when the mail address is taken, `bad-input` for an unknown team or a bad password. */
  async create(actor: string, input: NewAgent): Promise<AgentView> {
    const { password, ...fields } = input;
    assertPasswordAllowed(password, input.email);
    const passwordHash = await hashPassword(password);
    return this.#change(async (tx) => {
      await assertTeamsExist(tx, input.teamIds);
      const row = await insertAgent(tx, actor, { ...fields, passwordHash }, this.#deps.now());
      return { result: toView(row), changed: [directoryEntry(row.id)] };
    });
  }

  /**
   * Disabling an agent or setting a new password ends the agent's sessions. The replies of a disabled agent that wait to be
   * sent still leave; the unresolved conversations go to another agent or to nobody.
   *
   * @param keepSessionId - the admin's own session, which survives a new password of the admin's own.
   * @throws AppError `not-found`; `conflict` when the mail address is taken or no admin would be left; `bad-input`.
   */
  async update(actor: string, keepSessionId: string, id: string, patch: AgentPatch): Promise<AgentView> {
    const { sessions } = this.#deps;
    const password_hash = patch.password === undefined ? null : await hashPassword(patch.password);
    const endsSessions = patch.disabled === true || password_hash !== null;
    const keptSessionId = patch.disabled ? null : keepSessionId;
    const view = await this.#change(async (tx) => {
      // Before any row lock, as everywhere: commands that assign conversations have ended, and none begins (db/scope-lock.ts).
      if (patch.disabled) await lockScopes(tx);
      const row = await lockAgentAndAdmins(tx, id);
      if (!row) throw notFound();
      const next = toPatched(row, patch);
      if (patch.password !== undefined) assertPasswordAllowed(patch.password, next.email);
      await assertTeamsExist(tx, next.teamIds);
      const saved = await this.#save(tx, row, next, password_hash);
      await assertAdminLeft(tx);
      await this.#auditUpdate(tx, actor, row, next, password_hash !== null);
      // Nobody comes in by a link of somebody who may not invite any more, nor by one that went to a former mail address.
      if (next.disabled || next.role !== 'admin') await revokeOpen(tx, { created_by: id }, actor, this.#deps.now());
      if (endsSessions || next.email !== row.email) await forgetReset(tx, id);
      if (endsSessions) await sessions.endAll(tx, id, keptSessionId, actor, patch.disabled ? 'disabled' : null);
      const handedOver = patch.disabled ? await this.#handOver(tx, actor, id, patch.reassignTo ?? null) : [];
      return { result: toView(saved), changed: [directoryEntry(id), ...handedOver] };
    });
    if (endsSessions) sessions.announceEnd({ agentId: id, exceptSessionId: keptSessionId });
    else sessions.forgetCached();
    return view;
  }

  async #handOver(tx: Tx, actor: string, id: string, reassignTo: string | null): Promise<ChangeEntry[]> {
    const receiver = await findReceiver(tx, id, reassignTo);
    return handOver(tx, actor, id, receiver, this.#deps.now());
  }

  async #auditUpdate(
    tx: Tx,
    actor: string,
    row: AgentRow,
    next: ReturnType<typeof toAudited>,
    hasNewPassword: boolean,
  ): Promise<void> {
    const changed = diffFields(toAudited(row), next);
    await writeAudit(tx, {
      at: this.#deps.now(),
      actor,
      action: 'agent.update',
      target: `agent:${row.id}`,
      before: changed.before,
      after: { ...changed.after, ...(hasNewPassword ? { password: 'changed' } : {}) },
    });
  }

  async #save(
    tx: Tx,
    row: AgentRow,
    next: ReturnType<typeof toPatched>,
    passwordHash: string | null,
  ): Promise<AgentRow> {
    const { teamIds: team_ids, ...fields } = next;
    const accessChanged = next.role !== row.role || JSON.stringify(team_ids) !== JSON.stringify(row.team_ids);
    return tx
      .updateTable('agents')
      .set({
        ...fields,
        team_ids,
        password_hash: passwordHash ?? row.password_hash,
        access_version: row.access_version + (accessChanged ? 1 : 0),
      })
      .where('id', '=', row.id)
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  async get(id: string): Promise<AgentView> {
    const row = await this.#deps.db.selectFrom('agents').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) throw notFound();
    return toView(row);
  }

  list(page: PageRequest): Promise<Page<AgentView>> {
    return readPage<AgentView>(this.#deps.db, page, {
      name: 'agents',
      filters: {},
      keys: [{ column: 'a.id', type: 'string' }],
      select: sql`a.id, a.email, a.name, a.role, a.team_ids as "teamIds", a.disabled, a.totp_since is not null as totp,
        a.created_at as "createdAt"`,
      from: sql`agents a`,
      conditions: [],
    });
  }

  #change(work: Parameters<typeof runChange<AgentView>>[1]): Promise<AgentView> {
    return refuseTwins('email', 'An agent with this mail address exists.', () => runChange(this.#deps, work));
  }
}

function toView(row: AgentRow): AgentView {
  return { id: row.id, createdAt: row.created_at, totp: hasTotp(row), ...toAudited(row) };
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
