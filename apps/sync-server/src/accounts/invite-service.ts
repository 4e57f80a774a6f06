import { createUuidV7 } from '@tradewind/shared/ids';
import { AppError } from '@tradewind/shared/protocol/errors';
import { type Selectable, type SqlBool, sql } from 'kysely';
import { writeAudit } from '../audit/audit.ts';
import { insertAgent } from '../auth/insert-agent.ts';
import { toOwnAgent } from '../auth/own-agent.ts';
import { hashPassword } from '../auth/password.ts';
import { assertPasswordAllowed } from '../auth/password-rules.ts';
import type { ClientFacts } from '../auth/session.ts';
import type { SessionStore } from '../auth/session-store.ts';
import type { NewSession } from '../auth/setup.ts';
import { createToken, hashToken } from '../auth/token.ts';
import type { Db, Tx } from '../db/database.ts';
import { type Page, type PageRequest, readPage } from '../db/queries/page.ts';
import type { Tables } from '../db/tables.ts';
import { type ChangeDeps, directoryEntry, runChange } from '../replication/run-change.ts';
import type { DeskMail } from './desk-mail.ts';
import { type Language, MAIL_TEXTS } from './mail-texts.ts';
import { assertTeamsExist } from './teams-exist.ts';
import { refuseTwins } from './unique.ts';

const INVITE_DAYS = 7;
const INVITE_MS = INVITE_DAYS * 86_400_000;

export interface NewInvite {
  email: string;
  name: string;
  role: 'admin' | 'agent';
  teamIds: string[];
}

/** An invitation as the admin sees it; its link is shown once, when it is made. */
export interface InviteView extends NewInvite {
  id: string;
  createdBy: string;
  createdAt: number;
  expiresAt: number;
}

export interface InviteServiceDeps extends ChangeDeps {
  sessions: SessionStore;
  /** Address under which agents reach the desk, without a slash at the end. */
  publicUrl: () => string;
  mail: Pick<DeskMail, 'send'>;
}

type InviteRow = Selectable<Tables['invites']>;

/** Invites people to the desk by a link that works once and for seven days. Who may do so is the caller's question. */
export class InviteService {
  readonly #deps: InviteServiceDeps;

  constructor(deps: InviteServiceDeps) {
    this.#deps = deps;
  }

  /**
   * An earlier open invitation of the same mail address is revoked: the newest link is the one that works.
   *
   * @returns the link, which is stored nowhere, and whether it also leaves by mail.
   * @throws AppError `conflict` when an agent has the mail address, `bad-input` for an unknown team.
   */
  async create(
    inviter: { id: string; name: string },
    input: NewInvite,
    language: Language,
  ): Promise<{ id: string; link: string; expiresAt: number; mailed: boolean }> {
    const { db, now, publicUrl, mail } = this.#deps;
    const at = now();
    const id = createUuidV7(at);
    const expiresAt = at + INVITE_MS;
    const { token, hash } = createToken();
    const teamIds = [...new Set(input.teamIds)];
    const desk = await db.transaction().execute(async (tx) => {
      await assertTeamsExist(tx, teamIds);
      await assertUnknown(tx, input.email);
      const actor = `agent:${inviter.id}`;
      await revokeOpen(tx, { email: input.email }, actor, at);
      const { email, name, role } = input;
      await tx
        .insertInto('invites')
        .values({
          ...{ id, token_hash: hash, email, name, role, team_ids: teamIds },
          ...{ created_by: inviter.id, created_at: at, expires_at: expiresAt },
        })
        .execute();
      const after = { email, name, role, teamIds, expiresAt };
      await writeAudit(tx, { at, actor, action: 'invite.create', target: `invite:${id}`, after });
      return tx.selectFrom('desk').select('name').executeTakeFirstOrThrow();
    });
    const link = `${publicUrl()}/#/invite/${token}`;
    const text = MAIL_TEXTS[language].invite({ desk: desk.name, inviter: inviter.name, link });
    const mailed = mail.send({ name: input.name, address: input.email }, text);
    return { id, link, expiresAt, mailed };
  }

  /** Invitations that were neither accepted nor revoked, expired ones included; the others are in the audit log. */
  list(page: PageRequest): Promise<Page<InviteView>> {
    return readPage<InviteView>(this.#deps.db, page, {
      name: 'invites',
      filters: {},
      keys: [{ column: 'i.id', type: 'string' }],
      select: sql`i.id, i.email, i.name, i.role, i.team_ids as "teamIds", i.created_by as "createdBy",
        i.created_at as "createdAt", i.expires_at as "expiresAt"`,
      from: sql`invites i`,
      conditions: [sql<SqlBool>`i.accepted_at is null and i.revoked_at is null`],
    });
  }

  /** @throws AppError `not-found`; `conflict` when it was accepted: then there is an agent to disable instead. */
  async revoke(actor: string, id: string): Promise<void> {
    await this.#deps.db.transaction().execute(async (tx) => {
      const row = await tx.selectFrom('invites').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
      if (!row) throw new AppError('not-found', 'There is no such invitation.');
      if (row.accepted_at !== null) {
        throw new AppError('conflict', 'This invitation was accepted already: disable the agent instead.');
      }
      await revokeOpen(tx, { id }, actor, this.#deps.now());
    });
  }

  /** @throws AppError `not-found`, with one sentence for a link that is unknown, used, revoked or too old. */
  async describe(token: string): Promise<{ email: string; name: string; deskName: string }> {
    const { db, now } = this.#deps;
    const { email, name } = await findOpen(db, token, now());
    const desk = await db.selectFrom('desk').select('name').executeTakeFirstOrThrow();
    return { email, name, deskName: desk.name };
  }

  /** @throws AppError `not-found` as `describe`; `conflict` when an agent has the mail address by now; `bad-input`. */
  async accept(token: string, input: { name: string; password: string }, client: ClientFacts): Promise<NewSession> {
    const { db, now, sessions } = this.#deps;
    assertPasswordAllowed(input.password, (await findOpen(db, token, now())).email);
    const passwordHash = await hashPassword(input.password);
    return refuseTwins('email', 'An agent with this mail address exists: log in instead.', () =>
      runChange(this.#deps, async (tx) => {
        const at = now();
        const invite = await findOpen(tx, token, at, true);
        await tx.updateTable('invites').set({ accepted_at: at }).where('id', '=', invite.id).execute();
        const { email, role, team_ids: teamIds } = invite;
        const row = await insertAgent(tx, null, { email, name: input.name, role, teamIds, passwordHash }, at);
        const { token: sessionToken, sessionId } = await sessions.create(tx, row.id, client);
        await writeAudit(tx, {
          at,
          actor: `agent:${row.id}`,
          action: 'invite.accept',
          target: `invite:${invite.id}`,
          after: { agentId: row.id, sessionId, address: client.address },
        });
        return { result: { token: sessionToken, agent: toOwnAgent(row) }, changed: [directoryEntry(row.id)] };
      }),
    );
  }
}

/** Revokes what is still open of one invitation, of a mail address, or of an inviter. */
export async function revokeOpen(
  tx: Tx,
  which: { id: string } | { email: string } | { created_by: string },
  actor: string,
  at: number,
): Promise<void> {
  const rows = await tx
    .updateTable('invites')
    .set({ revoked_at: at })
    .where((eb) => eb.and(which))
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .returning('id')
    .execute();
  await writeAudit(tx, ...rows.map(({ id }) => ({ at, actor, action: 'invite.revoke', target: `invite:${id}` })));
}

async function findOpen(db: Db | Tx, token: string, nowMs: number, lock = false): Promise<InviteRow> {
  const hash = hashToken(token);
  const query = db
    .selectFrom('invites')
    .selectAll()
    .where('token_hash', '=', hash ?? Buffer.alloc(0));
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst();
  if (row && row.accepted_at === null && row.revoked_at === null && row.expires_at > nowMs) return row;
  throw new AppError('not-found', 'This invitation is not valid any more: ask for a new one.');
}

async function assertUnknown(tx: Tx, email: string): Promise<void> {
  const agent = await tx.selectFrom('agents').select('id').where('email', '=', email).executeTakeFirst();
  if (!agent) return;
  const errors = [{ path: 'email', message: 'belongs to an agent of this desk' }];
  throw new AppError('conflict', 'An agent with this mail address exists.', { errors });
}
