import { AppError } from '@tradewind/shared/protocol/errors';
import type { SecretBox } from '../accounts/secret-box.ts';
import { writeAudit } from '../audit/audit.ts';
import type { Db, Tx } from '../db/database.ts';
import { lockAgent } from './lock-agent.ts';
import { type AgentRow, hasTotp } from './own-agent.ts';
import type { OwnPassword } from './own-password.ts';
import { createReadableCode, hashReadableCode } from './readable-code.ts';
import type { AuthSession, ClientFacts } from './session.ts';
import { createTotpSecret, findStep, toBase32, toTotpUri } from './totp.ts';

const RECOVERY_CODES = 10;
const NO_TOTP = { totp_secret: null, totp_since: null, totp_last_step: null, recovery_hashes: [] };

export interface TwoStepDeps {
  db: Db;
  secrets: SecretBox;
  ownPassword: OwnPassword;
  now: () => number;
}

/** Codes of an authenticator app beside the password, and recovery codes for the day the phone is lost. */
export class TwoStep {
  readonly #deps: TwoStepDeps;

  constructor(deps: TwoStepDeps) {
    this.#deps = deps;
  }

  /** For `GET /api/me`. */
  async isOn(agentId: string): Promise<boolean> {
    const query = this.#deps.db.selectFrom('agents').select('totp_since').where('id', '=', agentId);
    return hasTotp(await query.executeTakeFirstOrThrow());
  }

  /**
   * Shows a new secret. It counts from the moment a code made with it comes back (`enable`); shown again it replaces the
   * one before.
   *
   * @throws AppError `conflict` when codes are asked for already; `bad-input` naming `password`; `rate-limited`.
   */
  async begin(session: AuthSession, password: string, client: ClientFacts): Promise<{ secret: string; uri: string }> {
    const { db, ownPassword } = this.#deps;
    const { id, email } = session.agent;
    await ownPassword.confirm(session, password, client, 'password');
    const secret = createTotpSecret();
    const desk = await db.selectFrom('desk').select('name').executeTakeFirstOrThrow();
    await db.transaction().execute(async (tx) => {
      const row = await lockAgent(tx, id);
      if (hasTotp(row)) throw new AppError('conflict', 'Log-in codes are on already: switch them off first.');
      await this.#save(tx, id, { ...NO_TOTP, totp_secret: this.#seal(id, secret) });
      await this.#audit(tx, `agent:${id}`, 'totp.begin', id);
    });
    return { secret: toBase32(secret), uri: toTotpUri(secret, desk.name, email) };
  }

  /**
   * Codes are asked for from now on.
   *
   * @returns ten recovery codes, told once; each counts once.
   * @throws AppError `bad-input` naming `code`; `conflict` when there is nothing to confirm.
   */
  async enable(agentId: string, code: string): Promise<string[]> {
    const codes = Array.from({ length: RECOVERY_CODES }, createReadableCode);
    const hashes = codes.flatMap((one) => hashReadableCode(one) ?? []);
    await this.#deps.db.transaction().execute(async (tx) => {
      const row = await lockAgent(tx, agentId);
      if (hasTotp(row)) throw new AppError('conflict', 'Log-in codes are on already.');
      if (!row.totp_secret) throw new AppError('conflict', 'Begin again: there is no secret to confirm.');
      const nowMs = this.#deps.now();
      const step = findStep(this.#open(row.id, row.totp_secret), stripSpaces(code), nowMs, null);
      if (step === null) throw wrongCode();
      const columns = { totp_since: nowMs, totp_last_step: step, recovery_hashes: hashes };
      await this.#save(tx, agentId, columns);
      await this.#audit(tx, `agent:${agentId}`, 'totp.enable', agentId);
    });
    return codes;
  }

  /** @throws AppError `bad-input` naming `password`; `rate-limited`. */
  async remove(session: AuthSession, password: string, client: ClientFacts): Promise<void> {
    const { id } = session.agent;
    await this.#deps.ownPassword.confirm(session, password, client, 'password');
    await this.removeOf(`agent:${id}`, id);
  }

  /** For whoever lost phone and recovery codes; who may do so is the caller's question. @throws AppError `not-found`. */
  async removeOf(actor: string, agentId: string): Promise<void> {
    await this.#deps.db.transaction().execute((tx) => removeTotp(tx, actor, agentId, this.#deps.now()));
  }

  /**
   * Takes a code, which then never counts again: of two uses at the same moment, on whatever nodes, one waits for the
   * other's lock on the agent's row and finds it used.
   *
   * @param row - as read under the lock of this transaction (`lockAgent`).
   * @returns what kind of code it was, null when it is wrong or used.
   */
  async take(tx: Tx, row: AgentRow, typed: string): Promise<'app' | 'recovery' | null> {
    if (!row.totp_secret) return null;
    const step = findStep(
      this.#open(row.id, row.totp_secret),
      stripSpaces(typed),
      this.#deps.now(),
      row.totp_last_step,
    );
    if (step !== null) {
      await this.#save(tx, row.id, { totp_last_step: step });
      return 'app';
    }
    const hash = hashReadableCode(typed);
    const left = row.recovery_hashes.filter((one) => hash === null || !one.equals(hash));
    if (left.length === row.recovery_hashes.length) return null;
    await this.#save(tx, row.id, { recovery_hashes: left });
    return 'recovery';
  }

  async #save(
    tx: Tx,
    agentId: string,
    columns: Partial<Pick<AgentRow, 'totp_secret' | 'totp_since' | 'totp_last_step' | 'recovery_hashes'>>,
  ): Promise<void> {
    await tx.updateTable('agents').set(columns).where('id', '=', agentId).execute();
  }

  async #audit(tx: Tx, actor: string, action: string, agentId: string): Promise<void> {
    await writeAudit(tx, { at: this.#deps.now(), actor, action, target: `agent:${agentId}` });
  }

  // The box is bound to what it is for: an account's box put into an agent's row does not open.
  #seal(agentId: string, secret: Buffer): Buffer {
    return this.#deps.secrets.seal(`totp:${agentId}`, { secret: secret.toString('base64') });
  }

  #open(agentId: string, box: Buffer): Buffer {
    const { secret } = this.#deps.secrets.open(`totp:${agentId}`, box);
    return Buffer.from(String(secret), 'base64');
  }
}

/** @throws AppError `not-found`. */
export async function removeTotp(tx: Tx, actor: string, agentId: string, at: number): Promise<void> {
  const row = await lockAgent(tx, agentId);
  if (!row.totp_secret) return;
  await tx.updateTable('agents').set(NO_TOTP).where('id', '=', agentId).execute();
  if (hasTotp(row)) await writeAudit(tx, { at, actor, action: 'totp.remove', target: `agent:${agentId}` });
}

/** Apps show `123 456`, and people type it so. */
function stripSpaces(code: string): string {
  return code.replaceAll(/\s/g, '');
}

function wrongCode(): AppError {
  return new AppError('bad-input', 'The code is wrong.', {
    errors: [{ path: 'code', message: 'is not the code that the app shows now' }],
  });
}
