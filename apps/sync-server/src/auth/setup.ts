import { timingSafeEqual } from 'node:crypto';
import { AppError } from '@tradewind/shared/protocol/errors';
import { writeAudit } from '../audit/audit.ts';
import type { Db } from '../db/database.ts';
import { type ChangeDeps, directoryEntry, runChange } from '../replication/run-change.ts';
import { AttemptLimit } from './attempt-limit.ts';
import { hasAgents } from './bootstrap.ts';
import { insertAgent } from './insert-agent.ts';
import { type OwnAgent, toOwnAgent } from './own-agent.ts';
import { hashPassword } from './password.ts';
import { assertPasswordAllowed } from './password-rules.ts';
import { hashReadableCode } from './readable-code.ts';
import type { ClientFacts } from './session.ts';
import type { SessionStore } from './session-store.ts';

export interface SetupInput {
  code: string;
  email: string;
  name: string;
  password: string;
  deskName: string;
  timeZone: string;
}

/** A session begun without the log-in form: its token, and whom it belongs to. */
export interface NewSession {
  token: string;
  agent: OwnAgent;
}

/**
 * The first admin of an empty desk, made by whoever knows the code that was printed where the server was started: else the
 * first stranger who finds a new desk would own it.
 */
export class Setup {
  readonly #deps: ChangeDeps;
  readonly #sessions: SessionStore;
  readonly #limit: AttemptLimit;

  constructor(deps: ChangeDeps, sessions: SessionStore) {
    this.#deps = deps;
    this.#sessions = sessions;
    this.#limit = new AttemptLimit(deps.db);
  }

  /**
   * Of two at the same moment one makes the admin, and the other is told that the desk is set up.
   *
   * @throws AppError `conflict` when there is an agent already; `bad-input` naming `code` or `password`; `rate-limited`.
   */
  async complete(input: SetupInput, client: ClientFacts): Promise<NewSession> {
    const { db, now } = this.#deps;
    if (await hasAgents(db)) throw setUpAlready();
    await this.#assertCode(input.code, client);
    assertPasswordAllowed(input.password, input.email);
    const passwordHash = await hashPassword(input.password);
    return runChange(this.#deps, async (tx) => {
      const at = now();
      const before = await tx.selectFrom('desk').selectAll().forUpdate().executeTakeFirstOrThrow();
      if (await hasAgents(tx)) throw setUpAlready();
      const { email, name, deskName, timeZone } = input;
      await tx.updateTable('desk').set({ name: deskName, time_zone: timeZone, setup_code: null }).execute();
      const row = await insertAgent(tx, null, { email, name, role: 'admin', teamIds: [], passwordHash }, at);
      const { token, sessionId } = await this.#sessions.create(tx, row.id, client);
      await writeAudit(tx, {
        at,
        actor: `agent:${row.id}`,
        action: 'desk.setup',
        target: `desk:${before.id}`,
        before: { name: before.name, timeZone: before.time_zone },
        after: { name: deskName, timeZone, sessionId, address: client.address },
      });
      return { result: { token, agent: toOwnAgent(row) }, changed: [directoryEntry(row.id)] };
    });
  }

  async #assertCode(typed: string, client: ClientFacts): Promise<void> {
    const { db, now } = this.#deps;
    const attempts = [{ kind: 'setup', value: client.address }] as const;
    await this.#limit.assertAllowed(attempts, now());
    if (isSameCode(typed, await readSetupCode(db))) return;
    await this.#limit.count(attempts, now());
    await db.transaction().execute((tx) =>
      writeAudit(tx, {
        at: now(),
        actor: 'anonymous',
        action: 'desk.setup-failed',
        target: 'desk:new',
        after: { address: client.address },
      }),
    );
    throw new AppError('bad-input', 'The set-up code is wrong.', {
      errors: [{ path: 'code', message: 'is not the code that was printed where the server was started' }],
    });
  }
}

async function readSetupCode(db: Db): Promise<string> {
  const desk = await db.selectFrom('desk').select('setup_code').executeTakeFirst();
  return desk?.setup_code ?? '';
}

function isSameCode(typed: string, expected: string): boolean {
  const [given, wanted] = [hashReadableCode(typed), hashReadableCode(expected)];
  return given !== null && wanted !== null && timingSafeEqual(given, wanted);
}

function setUpAlready(): AppError {
  return new AppError('conflict', 'This desk is set up already: log in, or ask an admin for an invitation.');
}
