import { AppError } from '@tradewind/shared/protocol/errors';
import { writeAudit } from '../audit/audit.ts';
import type { Db } from '../db/database.ts';
import { hasAgents } from './bootstrap.ts';
import { lockAgent } from './lock-agent.ts';
import type { LoginGuard } from './login-guard.ts';
import { type AgentRow, hasTotp, type OwnAgent, toOwnAgent } from './own-agent.ts';
import { hashPassword, verifyPassword } from './password.ts';
import type { ClientFacts } from './session.ts';
import type { SessionStore } from './session-store.ts';
import type { TwoStep } from './two-step.ts';

export interface LoginResult {
  token: string;
  sessionId: string;
  agent: OwnAgent;
}

export interface Credentials {
  email: string;
  password: string;
  /** Of the authenticator app, or a recovery code. */
  code?: string | undefined;
}

export interface LoginDeps {
  db: Db;
  sessions: SessionStore;
  guard: LoginGuard;
  twoStep: TwoStep;
  now: () => number;
}

/** Why a log-in came to nothing, for the audit log; the person is told less. */
type Refusal = 'password' | 'code';

/** Logs agents in. Unknown mail address, wrong password and disabled agent get the same answer after the same time. */
export class Login {
  readonly #deps: LoginDeps;

  constructor(deps: LoginDeps) {
    this.#deps = deps;
  }

  /**
   * @throws AppError `unauthenticated` for wrong credentials; `code-required` when the password is right and a code is
   *   needed too, which is no failure; `rate-limited` while mail or client address is blocked.
   */
  login(credentials: Credentials, client: ClientFacts): Promise<LoginResult> {
    const email = credentials.email.trim().toLowerCase();
    return this.#deps.guard.run(email, client, () => this.#tryLogin({ ...credentials, email }, client));
  }

  async #tryLogin({ email, password, code }: Credentials, client: ClientFacts): Promise<LoginResult> {
    const { db, guard } = this.#deps;
    const row = await db.selectFrom('agents').selectAll().where('email', '=', email).executeTakeFirst();
    const verdict = await verifyPassword(password, row?.password_hash ?? null);
    if (!row || verdict === 'wrong' || row.disabled) return this.#refuse('password', email, row?.id ?? null, client);
    if (hasTotp(row) && code === undefined) {
      throw new AppError('code-required', 'Enter the code of your authenticator app, or a recovery code.');
    }
    const opened = await this.#open(row, code, client);
    if (typeof opened === 'string') return this.#refuse(opened, email, row.id, client);
    await guard.forgive(email);
    if (verdict === 'outdated') await this.#rehash(row.id, row.password_hash, password);
    return opened;
  }

  /** Begins the session, unless what was checked has changed since: a new password, a disabled agent, a used code. */
  #open(seen: AgentRow, code: string | undefined, client: ClientFacts): Promise<LoginResult | Refusal> {
    const { db, sessions, twoStep, now } = this.#deps;
    return db.transaction().execute(async (tx) => {
      const row = await lockAgent(tx, seen.id);
      if (row.disabled || row.password_hash !== seen.password_hash) return 'password';
      const taken = hasTotp(row) ? await twoStep.take(tx, row, code ?? '') : 'none';
      if (taken === null) return 'code';
      const session = await sessions.create(tx, row.id, client);
      await writeAudit(tx, {
        ...{ at: now(), actor: `agent:${row.id}`, action: 'login', target: `agent:${row.id}` },
        after: { sessionId: session.sessionId, address: client.address, ...(taken === 'none' ? {} : { code: taken }) },
      });
      return { ...session, agent: toOwnAgent(row) };
    });
  }

  async #refuse(refusal: Refusal, email: string, agentId: string | null, client: ClientFacts): Promise<never> {
    await this.#deps.guard.countFailure(email, client);
    await this.#auditFailure(refusal, agentId, client);
    if (refusal === 'password') throw new AppError('unauthenticated', await this.#explainFailure());
    const errors = [{ path: 'code', message: 'is wrong, or was used already' }];
    throw new AppError('unauthenticated', 'The code is wrong, or was used already.', { errors });
  }

  async #auditFailure(refusal: Refusal, agentId: string | null, client: ClientFacts): Promise<void> {
    await this.#deps.db.transaction().execute((tx) =>
      writeAudit(tx, {
        at: this.#deps.now(),
        actor: 'anonymous',
        action: 'login.failed',
        target: agentId === null ? 'agent:unknown' : `agent:${agentId}`,
        after: { address: client.address, wrong: refusal },
      }),
    );
  }

  async #explainFailure(): Promise<string> {
    if (await hasAgents(this.#deps.db)) return 'Mail address or password is wrong.';
    return 'This desk has no agents yet: open the set-up link that was printed where the server was started.';
  }

  async #rehash(agentId: string, seenHash: string, password: string): Promise<void> {
    const password_hash = await hashPassword(password);
    // Only over the hash that was checked: the password may have been changed meanwhile.
    const update = this.#deps.db.updateTable('agents').set({ password_hash });
    await update.where('id', '=', agentId).where('password_hash', '=', seenHash).execute();
  }
}
