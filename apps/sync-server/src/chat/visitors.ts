import { createHash, randomBytes } from 'node:crypto';
import { visitorTokenSchema } from '@tradewind/shared/chat/wire';
import { sql } from 'kysely';
import type { VouchedIdentity } from '../connector.ts';
import type { Db } from '../db/database.ts';
import { isUniqueViolation } from '../db/unique-violation.ts';

/** Whoever sits at a widget. The id is known before there is a row: several tabs of a new visitor are one from the start. */
export interface Visitor {
  accountId: string;
  id: string;
  /** What opens an anonymous visitor's conversation; null for one the shop vouches for. */
  tokenHash: Buffer | null;
  identity: VouchedIdentity | null;
}

export interface OpenedVisitor {
  visitor: Visitor;
  /** A token made here, to be kept by the widget; null when its own is good. */
  newToken: string | null;
  /** He talked here before he signed in: those conversations are his from now on. */
  hasSignedIn: boolean;
}

const ID_LENGTH = 32;

/** Hex, so that no rule for mail addresses (lower case) makes two of one. 128 bits of a hash do not lead back to a token. */
function toId(accountId: string, kind: 'token' | 'user', value: string): string {
  return createHash('sha256').update(`chat visitor\n${accountId}\n${kind}\n${value}`).digest('hex').slice(0, ID_LENGTH);
}

function toTokenHash(accountId: string, token: string): Buffer {
  return createHash('sha256').update(`chat token\n${accountId}\n${token}`).digest();
}

/** Who is who among the visitors of chats. A row is written when a visitor does something, not for everybody who looks. */
export class VisitorStore {
  readonly #db: Db;
  readonly #now: () => number;

  constructor(db: Db, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /**
   * The visitor whom a token or the shop's word opens. A token that was never seen, was guessed, or belongs to somebody the
   * shop vouches for, is as good as none, and the answer does not tell which.
   */
  async open(accountId: string, token: string | null, identity: VouchedIdentity | null): Promise<OpenedVisitor> {
    const known = token !== null && visitorTokenSchema.safeParse(token).success ? token : null;
    const row = known === null ? null : await this.#findByToken(accountId, known);
    if (identity) return this.#openIdentified(accountId, identity, row);
    if (known !== null && (row === null || row.subject === null)) {
      return { visitor: this.#toAnonymous(accountId, known), newToken: null, hasSignedIn: false };
    }
    const newToken = randomBytes(32).toString('base64url');
    return { visitor: this.#toAnonymous(accountId, newToken), newToken, hasSignedIn: false };
  }

  #toAnonymous(accountId: string, token: string): Visitor {
    return {
      accountId,
      id: toId(accountId, 'token', token),
      tokenHash: toTokenHash(accountId, token),
      identity: null,
    };
  }

  async #openIdentified(
    accountId: string,
    identity: VouchedIdentity,
    row: { id: string; subject: string | null } | null,
  ): Promise<OpenedVisitor> {
    const toOpened = (id: string, hasSignedIn: boolean): OpenedVisitor => ({
      visitor: { accountId, id, tokenHash: null, identity },
      newToken: null,
      hasSignedIn,
    });
    const known = await this.#findBySubject(accountId, identity.subject);
    if (known !== null) return toOpened(known, false);
    if (row !== null && row.subject === null && (await this.#signIn(row.id, identity.subject))) {
      return toOpened(row.id, true);
    }
    // Another tab may have been faster.
    return toOpened(
      (await this.#findBySubject(accountId, identity.subject)) ?? toId(accountId, 'user', identity.subject),
      false,
    );
  }

  /** Which of these visitors the shop vouches for by now. */
  async findSignedIn(ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const rows = await this.#db
      .selectFrom('chat_visitors')
      .select('id')
      .where('id', '=', sql<string>`any(${[...ids]}::text[])`)
      .where('subject', 'is not', null)
      .execute();
    return rows.map(({ id }) => id);
  }

  /** Makes an anonymous visitor the shop's customer, once. @returns false when somebody else was faster. */
  async #signIn(id: string, subject: string): Promise<boolean> {
    try {
      const updated = await this.#db
        .updateTable('chat_visitors')
        .set({ subject, last_seen_at: this.#now() })
        .where('id', '=', id)
        .where('subject', 'is', null)
        .executeTakeFirst();
      return updated.numUpdatedRows > 0n;
    } catch (error) {
      if (isUniqueViolation(error)) return false;
      throw error;
    }
  }

  async #findByToken(accountId: string, token: string): Promise<{ id: string; subject: string | null } | null> {
    const row = await this.#db
      .selectFrom('chat_visitors')
      .select(['id', 'subject'])
      .where('token_hash', '=', toTokenHash(accountId, token))
      .executeTakeFirst();
    return row ?? null;
  }

  async #findBySubject(accountId: string, subject: string): Promise<string | null> {
    const row = await this.#db
      .selectFrom('chat_visitors')
      .select('id')
      .where('account_id', '=', accountId)
      .where('subject', '=', subject)
      .executeTakeFirst();
    return row?.id ?? null;
  }

  /**
   * Writes the visitor down, before the first thing he does is stored.
   *
   * @returns false when he is somebody else by now: he signed in, here or on another device, since he connected.
   */
  async keep(visitor: Visitor): Promise<boolean> {
    const at = this.#now();
    const subject = visitor.identity?.subject ?? null;
    try {
      const row = await this.#db
        .insertInto('chat_visitors')
        .values({
          id: visitor.id,
          account_id: visitor.accountId,
          token_hash: visitor.tokenHash,
          subject,
          created_at: at,
          last_seen_at: at,
        })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ last_seen_at: at }))
        .returning('subject')
        .executeTakeFirstOrThrow();
      return row.subject === subject;
    } catch (error) {
      if (isUniqueViolation(error)) return false;
      throw error;
    }
  }
}
