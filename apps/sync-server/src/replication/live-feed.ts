import type { Change, ChangesFrame } from '@tradewind/shared/protocol/sync';
import type { Logger } from 'pino';
import { type AuthAgent, type Scopes, scopesOf } from '../auth/scopes.ts';
import type { Db } from '../db/database.ts';
import type { ChangeBus } from './change-log.ts';
import { createCheckpoint, isRowFor, type LogRow, readHead, readLog, toSight } from './changes-page.ts';

/** Everybody with the same scopes gets the same frames, encoded once. */
export interface FeedGroup {
  key: string;
  scopes: Scopes;
  /** Last `toSeq` sent to this group. */
  sentSeq: number;
  sentAt: number;
  members: number;
}

export interface FeedDeps {
  db: Db;
  bus: ChangeBus;
  deskId: string;
  log: Logger;
  now: () => number;
  /** Hands a frame to all members of a group. */
  send(groupKey: string, frame: Omit<ChangesFrame, 'accessVersion'>): void;
  /**
   * Told which directory entries changed, so that access is looked at again before anything written after them is sent
   * (R15). When it fails, the round is done over.
   */
  onDirectoryChange(ids: readonly string[]): Promise<void>;
}

// A node that fell this far behind tells consoles to pull instead of sending a giant frame.
const MAX_ROWS_PER_ROUND = 2_000;
// Hints are lost when another node dies between commit and NOTIFY; looking is one index probe.
const LOOK_MS = 1_000;
// Ranges a group may not see are told at latest after this long, so that checkpoints of quiet consoles do not age.
const EMPTY_FRAME_MS = 10_000;

/**
 * Reads each range of the change log once and turns it into one frame per distinct scope set (R7). Frames chain:
 * `fromSeq` is the `toSeq` of the frame before; whoever misses one sees the gap and pulls.
 */
export class LiveFeed {
  readonly #deps: FeedDeps;
  readonly #groups = new Map<string, FeedGroup>();
  #cursor = 0;
  #checkpoint = '';
  #pumping = false;
  #again = false;
  #timer: NodeJS.Timeout | null = null;
  readonly #hear = () => void this.#pump();

  constructor(deps: FeedDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    this.#cursor = await readHead(this.#deps.db);
    this.#checkpoint = await createCheckpoint(this.#deps.db, this.#deps.deskId, this.#cursor);
    this.#deps.bus.on('head', this.#hear);
    this.#timer = setInterval(this.#hear, LOOK_MS);
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#deps.bus.off('head', this.#hear);
  }

  /** The group of a new socket. It hears everything after the feed's cursor; what lies before, it pulls. */
  join(agent: AuthAgent): string {
    const scopes = scopesOf(agent);
    const key = [...scopes].sort().join(',');
    const group = this.#groups.get(key) ?? { key, scopes, sentSeq: this.#cursor, sentAt: this.#deps.now(), members: 0 };
    group.members += 1;
    this.#groups.set(key, group);
    return key;
  }

  leave(key: string): void {
    const group = this.#groups.get(key);
    if (group && --group.members <= 0) this.#groups.delete(key);
  }

  get cursor(): number {
    return this.#cursor;
  }

  async #pump(): Promise<void> {
    if (this.#pumping) {
      this.#again = true;
      return;
    }
    this.#pumping = true;
    try {
      do {
        this.#again = false;
        await this.#round();
      } while (this.#again);
    } catch (error) {
      this.#deps.log.warn({ event: 'feed.unavailable', err: error }, 'live frames wait until the database answers');
    } finally {
      this.#pumping = false;
    }
  }

  async #round(): Promise<void> {
    const { db, deskId } = this.#deps;
    if (this.#groups.size === 0) return this.#skip();
    const { rows, full } = await readLog(db, this.#cursor, MAX_ROWS_PER_ROUND, null);
    const last = rows.at(-1)?.seq;
    if (last !== undefined) {
      const checkpoint = await createCheckpoint(db, deskId, last);
      const directory = rows.filter((row) => row.collection === 'directory').map((row) => row.id);
      if (directory.length > 0) await this.#deps.onDirectoryChange(directory);
      this.#checkpoint = checkpoint;
      this.#cursor = last;
      if (full) this.#again = true;
    }
    const changes = new Map<LogRow, Change>();
    for (const group of this.#groups.values()) this.#serve(group, rows, changes);
  }

  /** Nobody listens: bodies are not read, and whoever joins pulls what lies before. */
  async #skip(): Promise<void> {
    const head = await readHead(this.#deps.db);
    if (head === this.#cursor) return;
    const checkpoint = await createCheckpoint(this.#deps.db, this.#deps.deskId, head);
    // Whoever joined meanwhile was promised everything after the old cursor.
    if (this.#groups.size > 0) return;
    this.#checkpoint = checkpoint;
    this.#cursor = head;
  }

  #serve(group: FeedGroup, rows: readonly LogRow[], encoded: Map<LogRow, Change>): void {
    if (group.sentSeq >= this.#cursor) return;
    const { scopes } = group;
    const visible = rows.filter((row) => isRowFor(row, scopes));
    const now = this.#deps.now();
    if (visible.length === 0 && now - group.sentAt < EMPTY_FRAME_MS) return;
    const changes = visible.map((row) => {
      const known = encoded.get(row) ?? toChange(row);
      encoded.set(row, known);
      return row.gone ? known : { ...known, ...toSight(row, scopes) };
    });
    this.#deps.send(group.key, {
      fromSeq: group.sentSeq,
      toSeq: this.#cursor,
      checkpoint: this.#checkpoint,
      serverTime: now,
      changes,
    });
    group.sentSeq = this.#cursor;
    group.sentAt = now;
  }
}

/** Without what only a reader's scopes say. */
function toChange({ seq, createdSeq, collection, id, gone, docText }: LogRow): Change {
  const head = { seq, createdSeq, collection: collection as Change['collection'], id };
  return gone ? { ...head, [gone]: true } : { ...head, doc: JSON.parse(docText ?? 'null') as Change['doc'] };
}
