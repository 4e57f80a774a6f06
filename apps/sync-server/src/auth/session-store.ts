import { createUuidV7 } from '@tradewind/shared/ids';
import type { ErasingReason } from '@tradewind/shared/protocol/erasing';
import { writeAudit } from '../audit/audit.ts';
import type { Db, Tx } from '../db/database.ts';
import { appendChanges } from '../replication/change-log.ts';
import type { AuthSession, ClientFacts, SessionEnd } from './session.ts';
import { createToken, hashToken } from './token.ts';

export const SESSION_DAYS = 30;
const SESSION_MS = SESSION_DAYS * 86_400_000;
const TOUCH_EVERY_MS = 60_000;
/** How long a session ended on another node may still be honoured here. */
const CACHE_MS = 4_000;
const CACHE_SIZE = 10_000;

export interface SessionRow {
  id: string;
  agentId: string;
  userAgent: string;
  address: string;
  createdAt: number;
  lastSeenAt: number;
  expiresAt: number;
}

/**
 * Sessions live for 30 days after their last use. The database holds only hashes of tokens. Answers are cached for a few
 * seconds, so that a busy console does not cost a query per request; ending a session empties the cache at once.
 */
export class SessionStore {
  readonly #db: Db;
  readonly #now: () => number;
  readonly #cache = new Map<string, { session: AuthSession; until: number }>();
  readonly #listeners = new Set<(end: SessionEnd) => void>();
  /** Raised by every ending: a look-up that began before it must not fill the cache after it. */
  #generation = 0;

  constructor(db: Db, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** @returns the token, told once and never stored, and the new session's id. */
  async create(tx: Tx, agentId: string, client: ClientFacts): Promise<{ token: string; sessionId: string }> {
    const { token, hash } = createToken();
    const nowMs = this.#now();
    const sessionId = createUuidV7(nowMs);
    await tx
      .insertInto('sessions')
      .values({
        id: sessionId,
        agent_id: agentId,
        token_hash: hash,
        user_agent: client.userAgent,
        address: client.address,
        created_at: nowMs,
        last_seen_at: nowMs,
        expires_at: nowMs + SESSION_MS,
      })
      .execute();
    return { token, sessionId };
  }

  /** Whom a token stands for; null when it is unknown, expired, revoked, or its agent is disabled. */
  async resolveToken(token: string): Promise<AuthSession | null> {
    const hash = hashToken(token);
    if (!hash) return null;
    const key = hash.toString('base64');
    const nowMs = this.#now();
    const cached = this.#cache.get(key);
    if (cached && cached.until > nowMs) return cached.session;
    const generation = this.#generation;
    const session = await this.#read(hash, nowMs);
    if (session && generation === this.#generation) {
      if (this.#cache.size >= CACHE_SIZE) this.#cache.clear();
      this.#cache.set(key, { session, until: nowMs + CACHE_MS });
    } else this.#cache.delete(key);
    return session;
  }

  async #read(hash: Buffer, nowMs: number): Promise<AuthSession | null> {
    const row = await this.#db
      .selectFrom('sessions as s')
      .innerJoin('agents as a', 'a.id', 's.agent_id')
      .select([
        's.id as sessionId',
        's.last_seen_at',
        'a.id',
        'a.email',
        'a.name',
        'a.role',
        'a.team_ids',
        'a.access_version',
      ])
      .where('s.token_hash', '=', hash)
      .where('s.expires_at', '>', nowMs)
      .where('a.disabled', '=', false)
      .executeTakeFirst();
    if (!row) return null;
    if (row.last_seen_at < nowMs - TOUCH_EVERY_MS) await this.#touch(row.sessionId, nowMs);
    const { id, email, name, role, team_ids: teamIds, access_version: accessVersion } = row;
    return { sessionId: row.sessionId, agent: { id, email, name, role, teamIds, accessVersion } };
  }

  async #touch(sessionId: string, nowMs: number): Promise<void> {
    await this.#db
      .updateTable('sessions')
      .set({ last_seen_at: nowMs, expires_at: nowMs + SESSION_MS })
      .where('id', '=', sessionId)
      .where('last_seen_at', '<', nowMs)
      .execute();
  }

  /**
   * Whether the device that holds this token has to erase what it has of its agent: its session was revoked, or the agent
   * disabled. Told to nobody but who holds the very token. Null for every other one: logged out, expired, never given.
   */
  async findErasing(token: string): Promise<{ reason: ErasingReason; agentId: string } | null> {
    const hash = hashToken(token);
    if (!hash) return null;
    const row = await this.#db
      .selectFrom('ended_sessions')
      .select(['reason', 'agent_id as agentId'])
      .where('token_hash', '=', hash)
      .executeTakeFirst();
    return row ?? null;
  }

  /** Newest first, without expired ones. */
  async list(agentId: string): Promise<SessionRow[]> {
    const rows = await this.#db
      .selectFrom('sessions')
      .select(['id', 'agent_id', 'user_agent', 'address', 'created_at', 'last_seen_at', 'expires_at'])
      .where('agent_id', '=', agentId)
      .where('expires_at', '>', this.#now())
      .orderBy('id', 'desc')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      agentId: row.agent_id,
      userAgent: row.user_agent,
      address: row.address,
      createdAt: row.created_at,
      lastSeenAt: row.last_seen_at,
      expiresAt: row.expires_at,
    }));
  }

  /**
   * Ends one session.
   *
   * @param ownerId - only a session of this agent; null: anybody's.
   * @returns false when there is no such session.
   */
  async end(
    sessionId: string,
    ownerId: string | null,
    actor: string,
    action: 'logout' | 'session.revoke',
  ): Promise<boolean> {
    const ended = await this.#db.transaction().execute(async (tx) => {
      let deletion = tx.deleteFrom('sessions').where('id', '=', sessionId);
      if (ownerId !== null) deletion = deletion.where('agent_id', '=', ownerId);
      const row = await deletion.returning(['agent_id', 'token_hash']).executeTakeFirst();
      if (!row) return false;
      if (action === 'session.revoke') await this.#remember(tx, row.agent_id, [row.token_hash], 'revoked');
      await writeAudit(tx, {
        at: this.#now(),
        actor,
        action,
        target: `session:${sessionId}`,
        before: { agentId: row.agent_id },
      });
      await this.#tellNodes(tx, row.agent_id);
      return true;
    });
    if (ended) this.announceEnd({ sessionId });
    return ended;
  }

  /** Ends all sessions of an agent but his present one. @returns how many. */
  async endOthers(agentId: string, presentSessionId: string, actor: string): Promise<number> {
    const count = await this.#db.transaction().execute(async (tx) => {
      const ended = await this.endAll(tx, agentId, presentSessionId, actor, 'revoked');
      await this.#tellNodes(tx, agentId);
      return ended;
    });
    this.announceEnd({ agentId, exceptSessionId: presentSessionId });
    return count;
  }

  /** Other nodes may hold sockets of the session: a change of its agent makes them look again. */
  async #tellNodes(tx: Tx, agentId: string): Promise<void> {
    await appendChanges(tx, [{ collection: 'directory', id: agentId, scopes: ['desk'] }], this.#now());
  }

  /**
   * Ends all sessions of an agent but one, as part of a change of the agent; call `announceEnd` after the transaction.
   *
   * @param erasing - why their devices have to erase what they hold; null: they only lock.
   */
  async endAll(
    tx: Tx,
    agentId: string,
    exceptSessionId: string | null,
    actor: string,
    erasing: ErasingReason | null,
  ): Promise<number> {
    let deletion = tx.deleteFrom('sessions').where('agent_id', '=', agentId);
    if (exceptSessionId !== null) deletion = deletion.where('id', '<>', exceptSessionId);
    const rows = await deletion.returning(['id', 'token_hash']).execute();
    if (erasing) {
      const hashes = rows.map((row) => row.token_hash);
      await this.#remember(tx, agentId, hashes, erasing);
    }
    const at = this.#now();
    await writeAudit(
      tx,
      ...rows.map(({ id }) => ({ at, actor, action: 'session.revoke', target: `session:${id}`, before: { agentId } })),
    );
    return rows.length;
  }

  async #remember(tx: Tx, agentId: string, hashes: readonly Buffer[], reason: ErasingReason): Promise<void> {
    if (hashes.length === 0) return;
    const rows = hashes.map((token_hash) => ({ token_hash, agent_id: agentId, reason, ended_at: this.#now() }));
    await tx.insertInto('ended_sessions').values(rows).execute();
  }

  /** Forgets what is cached and tells listeners, after the commit that ended the sessions. */
  announceEnd(end: SessionEnd): void {
    this.forgetCached();
    for (const listener of this.#listeners) listener(end);
  }

  /** Call when an agent's role, teams or name changed: the next request reads them anew. */
  forgetCached(): void {
    this.#generation++;
    this.#cache.clear();
  }

  /** @returns a function that stops listening. */
  onSessionEnded(listener: (end: SessionEnd) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
