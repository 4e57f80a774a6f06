import { AppError } from '@tradewind/shared/protocol/errors';
import { writeAudit } from '../audit/audit.ts';
import { type ChangeDeps, directoryEntry, runChange } from '../replication/run-change.ts';
import { lockAgent } from './lock-agent.ts';
import type { LoginGuard } from './login-guard.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { forgetReset } from './password-resets.ts';
import { assertPasswordAllowed } from './password-rules.ts';
import type { AuthSession, ClientFacts } from './session.ts';
import type { SessionStore } from './session-store.ts';

/** What agents do with their own password while they are logged in: an open console alone must not be enough. */
export class OwnPassword {
  readonly #deps: ChangeDeps;
  readonly #sessions: SessionStore;
  readonly #guard: LoginGuard;

  constructor(deps: ChangeDeps, sessions: SessionStore, guard: LoginGuard) {
    this.#deps = deps;
    this.#sessions = sessions;
    this.#guard = guard;
  }

  /**
   * Makes sure that the agent knows the password; a wrong one counts as a failed log-in.
   *
   * @returns the hash it was checked against.
   * @throws AppError `bad-input` naming `field`, `rate-limited`.
   */
  confirm({ agent }: AuthSession, password: string, client: ClientFacts, field: string): Promise<string> {
    return this.#guard.run(agent.email, client, async () => {
      const query = this.#deps.db.selectFrom('agents').select('password_hash').where('id', '=', agent.id);
      const { password_hash: hash } = await query.executeTakeFirstOrThrow();
      if ((await verifyPassword(password, hash)) !== 'wrong') return hash;
      await this.#guard.countFailure(agent.email, client);
      throw wrongPassword(field);
    });
  }

  /**
   * A new password ends the agent's other sessions, and what a link for a lost password was good for.
   *
   * @throws AppError `bad-input` naming `current` or `password`, `rate-limited`.
   */
  async change(session: AuthSession, current: string, password: string, client: ClientFacts): Promise<void> {
    const { id, email } = session.agent;
    const checkedHash = await this.confirm(session, current, client, 'current');
    assertPasswordAllowed(password, email);
    const password_hash = await hashPassword(password);
    await runChange(this.#deps, async (tx) => {
      const row = await lockAgent(tx, id);
      // Somebody else, such as an admin, may have set another one while ours was being hashed.
      if (row.password_hash !== checkedHash) throw wrongPassword('current');
      await tx.updateTable('agents').set({ password_hash }).where('id', '=', id).execute();
      await forgetReset(tx, id);
      await this.#sessions.endAll(tx, id, session.sessionId, `agent:${id}`, null);
      const at = this.#deps.now();
      await writeAudit(tx, { at, actor: `agent:${id}`, action: 'password.change', target: `agent:${id}` });
      // Other nodes look at the agent's sockets again.
      return { result: null, changed: [directoryEntry(id)] };
    });
    this.#sessions.announceEnd({ agentId: id, exceptSessionId: session.sessionId });
  }
}

function wrongPassword(field: string): AppError {
  return new AppError('bad-input', 'The password is wrong.', {
    errors: [{ path: field, message: 'is not your password' }],
  });
}
