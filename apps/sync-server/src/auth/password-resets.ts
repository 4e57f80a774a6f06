import { AppError } from '@tradewind/shared/protocol/errors';
import type { Logger } from 'pino';
import type { DeskMail } from '../accounts/desk-mail.ts';
import { type Language, MAIL_TEXTS } from '../accounts/mail-texts.ts';
import { writeAudit } from '../audit/audit.ts';
import type { Db, Tx } from '../db/database.ts';
import { type ChangeDeps, directoryEntry, runChange } from '../replication/run-change.ts';
import { AttemptLimit } from './attempt-limit.ts';
import { KeyedLimiter } from './limiter.ts';
import { lockAgent } from './lock-agent.ts';
import type { LoginGuard } from './login-guard.ts';
import { type AgentRow, hasTotp, type OwnAgent, toOwnAgent } from './own-agent.ts';
import { hashPassword } from './password.ts';
import { assertPasswordAllowed } from './password-rules.ts';
import type { ClientFacts } from './session.ts';
import type { SessionStore } from './session-store.ts';
import { createToken, hashToken } from './token.ts';

const RESET_MS = 60 * 60_000;

export interface PasswordResetDeps extends ChangeDeps {
  sessions: SessionStore;
  guard: LoginGuard;
  log: Logger;
  mail: Pick<DeskMail, 'canSend' | 'send'>;
  /** Address under which agents reach the desk, without a slash at the end. */
  publicUrl: () => string;
}

/** A link as it is told: once, and to be passed on by whoever asked for it. */
export interface ResetLink {
  link: string;
  expiresAt: number;
}

/** Links with which agents who lost their password choose another: by mail, or passed on by an admin. */
export class PasswordResets {
  readonly #deps: PasswordResetDeps;
  readonly #limit: AttemptLimit;
  readonly #oneByOne = new KeyedLimiter();
  readonly #running = new Set<Promise<void>>();

  constructor(deps: PasswordResetDeps) {
    this.#deps = deps;
    this.#limit = new AttemptLimit(deps.db);
  }

  /**
   * Mails a link to the agent of this address. Whether there is one is neither said nor to be measured: all that depends
   * on it happens after the answer.
   *
   * @throws AppError `rate-limited`, for known and unknown addresses alike.
   */
  async requestByMail(email: string, language: Language, client: ClientFacts): Promise<void> {
    const attempts = [
      { kind: 'forgot-email', value: email },
      { kind: 'forgot-address', value: client.address },
    ] as const;
    await this.#oneByOne.run(email, async () => {
      const nowMs = this.#deps.now();
      await this.#limit.assertAllowed(attempts, nowMs);
      await this.#limit.count(attempts, nowMs);
    });
    const running = this.#mailLink(email, language, client)
      .catch((error: unknown) => {
        this.#deps.log.error({ event: 'reset.failed', err: error }, 'a link for a lost password could not be made');
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #mailLink(email: string, language: Language, client: ClientFacts): Promise<void> {
    const { db, mail, now } = this.#deps;
    const query = db
      .selectFrom('agents')
      .select(['id', 'name'])
      .where('email', '=', email)
      .where('disabled', '=', false);
    const agent = await query.executeTakeFirst();
    const target = `agent:${agent?.id ?? 'unknown'}`;
    const after = { address: client.address };
    await db
      .transaction()
      .execute((tx) => writeAudit(tx, { at: now(), actor: 'anonymous', action: 'password.forgot', target, after }));
    if (!agent || !mail.canSend()) return;
    const { link } = await this.#create('anonymous', agent.id, { address: client.address });
    const desk = await db.selectFrom('desk').select('name').executeTakeFirstOrThrow();
    mail.send({ name: agent.name, address: email }, MAIL_TEXTS[language].reset({ desk: desk.name, link }));
  }

  /**
   * A link for an agent, to be passed on by an admin.
   *
   * @throws AppError `not-found`; `conflict` for a disabled agent.
   */
  createLink(actor: string, agentId: string): Promise<ResetLink> {
    return this.#create(actor, agentId, {});
  }

  async #create(actor: string, agentId: string, facts: { address?: string }): Promise<ResetLink> {
    const at = this.#deps.now();
    const { token, expiresAt } = await this.#deps.db
      .transaction()
      .execute((tx) => createReset(tx, actor, agentId, at, facts));
    return { link: toResetLink(this.#deps.publicUrl(), token), expiresAt };
  }

  /**
   * Sets the password and ends all sessions. The link proves that somebody reads the agent's mail, which is not enough where
   * log-ins need a code: then no session begins, and the log-in form asks for the code.
   *
   * @throws AppError `not-found` for a link that is unknown, used, too old or not the newest; `bad-input`.
   */
  async redeem(
    token: string,
    password: string,
    client: ClientFacts,
  ): Promise<{ token: string | null; agent: OwnAgent }> {
    const { db, sessions, now, guard } = this.#deps;
    assertPasswordAllowed(password, (await findReset(db, token, now())).email);
    const password_hash = await hashPassword(password);
    const { sessionId, ...answer } = await runChange(this.#deps, async (tx) => {
      const at = now();
      const { id } = await findReset(tx, token, at);
      const row = await lockAgent(tx, id);
      // Of two uses at the same moment the second one waits for the lock, and finds nothing to delete.
      if (!(await forgetReset(tx, id, token)) || row.disabled) throw invalidLink();
      await tx.updateTable('agents').set({ password_hash }).where('id', '=', id).execute();
      await sessions.endAll(tx, id, null, `agent:${id}`, null);
      const session = hasTotp(row) ? null : await sessions.create(tx, id, client);
      await writeAudit(tx, {
        ...{ at, actor: `agent:${id}`, action: 'password.reset', target: `agent:${id}` },
        after: { address: client.address, ...(session ? { sessionId: session.sessionId } : {}) },
      });
      const result = { token: session?.token ?? null, sessionId: session?.sessionId ?? null, agent: toOwnAgent(row) };
      return { result, changed: [directoryEntry(id)] };
    });
    sessions.announceEnd({ agentId: answer.agent.id, exceptSessionId: sessionId });
    // Whoever guessed at the old password is no reason to keep its owner out now.
    await guard.forgive(answer.agent.email);
    return answer;
  }

  /** Waits for the links under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }
}

export function toResetLink(publicUrl: string, token: string): string {
  return `${publicUrl}/#/reset/${token}`;
}

/**
 * Makes a link for an agent; the one before it ends (the newest wins).
 *
 * @throws AppError `not-found`; `conflict` for a disabled agent.
 */
export async function createReset(
  tx: Tx,
  actor: string,
  agentId: string,
  at: number,
  facts: { address?: string } = {},
): Promise<{ token: string; expiresAt: number }> {
  const row = await lockAgent(tx, agentId);
  if (row.disabled) throw new AppError('conflict', 'This agent is disabled: enable the agent first.');
  const { token, hash } = createToken();
  const columns = { token_hash: hash, created_at: at, expires_at: at + RESET_MS };
  await tx
    .insertInto('password_resets')
    .values({ agent_id: agentId, ...columns })
    .onConflict((conflict) => conflict.column('agent_id').doUpdateSet(columns))
    .execute();
  const after = { expiresAt: columns.expires_at, ...facts };
  await writeAudit(tx, { at, actor, action: 'password.reset-link', target: `agent:${agentId}`, after });
  return { token, expiresAt: columns.expires_at };
}

/**
 * Ends the link of an agent.
 *
 * @param token - only if it is this one.
 * @returns false when there was none.
 */
export async function forgetReset(tx: Tx, agentId: string, token?: string): Promise<boolean> {
  let deletion = tx.deleteFrom('password_resets').where('agent_id', '=', agentId);
  if (token !== undefined) deletion = deletion.where('token_hash', '=', hashToken(token) ?? Buffer.alloc(0));
  return (await deletion.returning('agent_id').executeTakeFirst()) !== undefined;
}

async function findReset(db: Db | Tx, token: string, nowMs: number): Promise<Pick<AgentRow, 'id' | 'email'>> {
  const row = await db
    .selectFrom('password_resets as r')
    .innerJoin('agents as a', 'a.id', 'r.agent_id')
    .select(['a.id', 'a.email'])
    .where('r.token_hash', '=', hashToken(token) ?? Buffer.alloc(0))
    .where('r.expires_at', '>', nowMs)
    .where('a.disabled', '=', false)
    .executeTakeFirst();
  if (!row) throw invalidLink();
  return row;
}

function invalidLink(): AppError {
  return new AppError('not-found', 'This link is not valid any more: ask for a new one.');
}
