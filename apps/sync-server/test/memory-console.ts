import { AppError } from '@tradewind/shared/protocol/errors';
import {
  type AccessChanged,
  accessChangedSchema,
  type Change,
  type ChangesFrame,
  type ChangesPage,
  decodeCheckpoint,
  type SnapshotPage,
} from '@tradewind/shared/protocol/sync';
import { type AuthAgent, scopesOf } from '../src/auth/scopes.ts';
import type { Db } from '../src/db/database.ts';
import { type Reader, readChangesPage } from '../src/replication/changes-page.ts';
import { readSnapshotPage } from '../src/replication/snapshot-page.ts';

const NOW = 1_800_000_000_000;
const SCOPED: readonly string[] = ['conversation', 'message', 'order', 'customer'];

/**
 * A console by the rules of docs/protocol.md (Visibility, Catching up), in memory: it starts from the beginning of the log, and
 * follows by pages, frames, or both.
 */
export class MemoryConsole {
  /** As the server has him: what he may see changes behind the console's back. */
  readonly agent: AuthAgent;
  readonly held = new Map<string, Change>();
  readonly #db: Db;
  readonly #deskId: string;
  #checkpoint: string | null = null;
  #accessVersion: number;
  /** Scopes that were gained and are still to be fetched. */
  readonly #gained = new Set<string>();
  /** Conversations whose older messages are still to be fetched. */
  readonly #partial = new Set<string>();

  constructor(db: Db, deskId: string, agent: AuthAgent) {
    this.#db = db;
    this.#deskId = deskId;
    this.agent = agent;
    this.#accessVersion = agent.accessVersion;
  }

  /** Everything here, as `collection:id`, sorted. */
  get keys(): string[] {
    return [...this.held.keys()].sort();
  }

  get #reader(): Reader {
    const { id, accessVersion } = this.agent;
    return { agentId: id, scopes: scopesOf(this.agent), accessVersion };
  }

  /** @param mostPages - stops after so many, as where the network goes. */
  async pull(limit: number, mostPages = Number.POSITIVE_INFINITY): Promise<void> {
    for (let pages = 0; pages < mostPages; pages++) {
      try {
        for (const scope of this.#gained) {
          await this.#fetch(`scope:${scope}`);
          this.#gained.delete(scope);
        }
        const request = { checkpoint: this.#checkpoint, limit, accessVersion: this.#accessVersion };
        const text = await readChangesPage(this.#db, this.#deskId, this.#reader, request, NOW);
        const page = JSON.parse(text) as ChangesPage;
        await this.#take(page.changes, page.checkpoint, page.upToDate ? 'last page' : 'page');
        if (page.upToDate) return;
      } catch (error) {
        if (!(error instanceof AppError && error.kind === 'access-changed')) throw error;
        this.#changeAccess(accessChangedSchema.parse(error.data));
      }
    }
  }

  /** A frame that does not begin where this console is, or is for another access, makes it pull. */
  async hear({ changes, checkpoint, fromSeq, toSeq, accessVersion }: Omit<ChangesFrame, 'serverTime'>): Promise<void> {
    if (accessVersion !== this.#accessVersion || fromSeq > this.#seq) await this.pull(100);
    else if (toSeq > this.#seq) await this.#take(changes, checkpoint, 'frame');
  }

  get #seq(): number {
    return this.#checkpoint === null ? 0 : (decodeCheckpoint(this.#checkpoint)?.seq ?? 0);
  }

  async #take(changes: readonly Change[], checkpoint: string, from: 'page' | 'last page' | 'frame'): Promise<void> {
    const reached = this.#seq;
    for (const change of changes) {
      if (change.seq <= reached || !SCOPED.includes(change.collection)) continue;
      const key = `${change.collection}:${change.id}`;
      if (change.removed || change.deleted) this.#drop(key);
      // A frame may stand for ranges in which this was hidden (P14).
      else await this.#put(key, change, from === 'frame' ? change.seq - 1 : reached);
    }
    // At the head, a message of nothing here is no news (P54 c).
    if (from !== 'page') for (const [key, change] of this.held) if (!this.#belongs(change)) this.held.delete(key);
    this.#checkpoint = checkpoint;
  }

  #belongs({ collection, doc }: Change): boolean {
    return (
      collection !== 'message' || this.held.has(`conversation:${(doc as { conversationId?: string }).conversationId}`)
    );
  }

  #drop(key: string): void {
    this.held.delete(key);
    for (const [other, { collection, doc }] of this.held) {
      const conversationId = (doc as { conversationId?: string } | undefined)?.conversationId;
      if (collection === 'message' && key === `conversation:${conversationId}`) this.held.delete(other);
    }
  }

  async #put(key: string, change: Change, reached: number): Promise<void> {
    const heldSeq = this.held.get(key)?.seq;
    const isMissing = heldSeq === undefined ? change.createdSeq <= reached : (change.since ?? 0) > heldSeq;
    this.held.set(key, change);
    if (change.collection !== 'conversation' || !(isMissing || this.#partial.has(change.id))) return;
    try {
      await this.#fetch(`conversation:${change.id}`);
      this.#partial.delete(change.id);
    } catch (error) {
      if (!(error instanceof AppError && ['not-found', 'access-changed'].includes(error.kind))) throw error;
      this.#partial.add(change.id); // gone from sight meanwhile: it is told again, or a removed row comes
    }
  }

  async #fetch(part: string): Promise<void> {
    for (let cursor: string | null = null, isDone = false; !isDone; ) {
      const request = { part, cursor, accessVersion: this.#accessVersion, limit: 50 };
      const text = await readSnapshotPage(this.#db, this.#deskId, this.#reader, request, NOW);
      const page = JSON.parse(text) as SnapshotPage;
      for (const item of page.items) {
        const key = `${item.collection}:${item.id}`;
        if (SCOPED.includes(item.collection) && item.seq >= (this.held.get(key)?.seq ?? 0)) this.held.set(key, item);
      }
      cursor = page.nextCursor;
      isDone = cursor === null;
    }
  }

  #changeAccess({ lost, gained, accessVersion }: AccessChanged): void {
    this.#accessVersion = accessVersion;
    if (gained.includes('all')) {
      this.held.clear();
      this.#gained.clear();
      this.#checkpoint = null;
      return;
    }
    for (const [key, change] of [...this.held]) {
      if (change.collection === 'message') continue;
      const scopes = (change.scopes ?? []).filter((scope) => !lost.includes(scope));
      if (scopes.length === 0) this.#drop(key);
      else this.held.set(key, { ...change, scopes });
    }
    for (const scope of lost) this.#gained.delete(scope);
    for (const scope of gained) this.#gained.add(scope);
  }
}
