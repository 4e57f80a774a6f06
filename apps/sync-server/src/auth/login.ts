import { AppError } from '@tradewind/shared/protocol/errors';
import { writeAudit } from '../audit/audit.ts';
import type { Db } from '../db/database.ts';
import { KeyedLimiter } from './limiter.ts';
import { LoginLimit } from './login-limit.ts';
import { hashPassword, verifyPassword } from './password.ts';
import type { AuthAgent } from './scopes.ts';
import type { ClientFacts } from './session.ts';
import type { SessionStore } from './session-store.ts';

export interface LoginResult {
  token: string;
  sessionId: string;
  agent: AuthAgent;
}

interface Credentials {
  email: string;
  password: string;
}

/** Logs agents in. Unknown mail address, wrong password and disabled agent get the same answer after the same time. */
export class Login {
  readonly #db: Db;
  readonly #sessions: SessionStore;
  readonly #now: () => number;
  readonly #limit: LoginLimit;
  // One try at a time for a mail address: a hundred at once would all be looked at before the first is counted.
  readonly #oneByOne = new KeyedLimiter();

  constructor(db: Db, sessions: SessionStore, now: () => number) {
    this.#db = db;
    this.#sessions = sessions;
    this.#now = now;
    this.#limit = new LoginLimit(db);
  }

  /**
   * @throws AppError `unauthenticated` for wrong credentials, `rate-limited` while mail or client address is blocked.
   */
  login(credentials: Credentials, client: ClientFacts): Promise<LoginResult> {
    const email = credentials.email.trim().toLowerCase();
    return this.#oneByOne.run(email, () => this.#tryLogin({ ...credentials, email }, client));
  }

  async #tryLogin({ email, password }: Credentials, client: ClientFacts): Promise<LoginResult> {
    const waitMs = await this.#limit.waitMs(email, client.address, this.#now());
    if (waitMs > 0) {
      throw new AppError('rate-limited', 'Too many failed logins. Try again later.', { retryAfterMs: waitMs });
    }
    const row = await this.#db.selectFrom('agents').selectAll().where('email', '=', email).executeTakeFirst();
    const verdict = await verifyPassword(password, row?.password_hash ?? null);
    if (!row || verdict === 'wrong' || row.disabled) {
      await this.#limit.countFailure(email, client.address, this.#now());
      await this.#auditFailure(row?.id ?? null, client);
      throw new AppError('unauthenticated', await this.#explainFailure());
    }
    await this.#limit.clear(email);
    if (verdict === 'outdated') await this.#rehash(row.id, row.password_hash, password);
    const created = await this.#db.transaction().execute(async (tx) => {
      const session = await this.#sessions.create(tx, row.id, client);
      const after = { sessionId: session.sessionId, address: client.address };
      await writeAudit(tx, {
        at: this.#now(),
        actor: `agent:${row.id}`,
        action: 'login',
        target: `agent:${row.id}`,
        after,
      });
      return session;
    });
    const { id, name, role, team_ids: teamIds, access_version: accessVersion } = row;
    return { ...created, agent: { id, email, name, role, teamIds, accessVersion } };
  }

  async #auditFailure(agentId: string | null, client: ClientFacts): Promise<void> {
    await this.#db.transaction().execute((tx) =>
      writeAudit(tx, {
        at: this.#now(),
        actor: 'anonymous',
        action: 'login.failed',
        target: agentId === null ? 'agent:unknown' : `agent:${agentId}`,
        after: { address: client.address },
      }),
    );
  }

  async #explainFailure(): Promise<string> {
    const someone = await this.#db.selectFrom('agents').select('id').limit(1).executeTakeFirst();
    if (someone) return 'Mail address or password is wrong.';
    return 'This desk has no agents yet. Start the server with TRADEWIND_ADMIN_EMAIL and TRADEWIND_ADMIN_PASSWORD set to make its first admin.';
  }

  async #rehash(agentId: string, seenHash: string, password: string): Promise<void> {
    const password_hash = await hashPassword(password);
    // Only over the hash that was checked: the password may have been changed meanwhile.
    const update = this.#db.updateTable('agents').set({ password_hash });
    await update.where('id', '=', agentId).where('password_hash', '=', seenHash).execute();
  }
}
