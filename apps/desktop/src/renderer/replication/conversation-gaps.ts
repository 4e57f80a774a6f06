import type { SyncPosition } from '../db/documents.ts';

/** What a page or frame says of conversations. */
export interface ConversationNews {
  /**
   * Conversations that come. `toldFrom`: the place from which on all of it was told, where it was created, 0 where that is not
   * known. `since`: from where on it was in sight without a break, 0 for always.
   */
  came: ReadonlyMap<string, { toldFrom: number; since: number }>;
  gone: ReadonlySet<string>;
  /** Conversations to which messages come. */
  withMessages: ReadonlySet<string>;
}

type Gaps = Pick<SyncPosition, 'seq' | 'partial' | 'waiting'>;

/**
 * Rule (c) of catching up: which conversations have messages that this device was never told of, and which messages have
 * no conversation here. Noted before the documents are written, so that a crash in between forgets neither.
 *
 * All of a conversation comes by changes if it was created after the checkpoint, or after the one at which its first
 * message came (pages of one pull hold messages before the conversation, where that has moved on since). Any other
 * conversation that was not here has come into sight: its older messages must be fetched. So must those of one that is here,
 * as it was before it went out of sight and came back: what was said meanwhile may have been passed over.
 *
 * @param held - those of the conversations that are here already, with their places in the log.
 * @returns null when there is nothing to note.
 */
export function noteGaps(
  position: Gaps,
  news: ConversationNews,
  held: ReadonlyMap<string, number>,
): Pick<Gaps, 'partial' | 'waiting'> | null {
  const partial = { ...position.partial };
  const waiting = { ...position.waiting };
  let noted = false;
  for (const [id, { toldFrom, since }] of news.came) {
    const heldSeq = held.get(id);
    const isWhole =
      heldSeq === undefined ? toldFrom > Math.min(position.seq, waiting[id] ?? position.seq) : since <= heldSeq;
    if (isWhole) continue;
    partial[id] = position.seq;
    noted = true;
  }
  for (const id of news.withMessages) {
    if (held.has(id) || news.came.has(id) || id in waiting) continue;
    waiting[id] = position.seq;
    noted = true;
  }
  return noted ? { partial, waiting } : null;
}

/** What is left of the gaps once the documents are written. */
export function closeGaps({ partial, waiting }: Pick<Gaps, 'partial' | 'waiting'>, news: ConversationNews) {
  const isOver = (id: string) => news.came.has(id) || news.gone.has(id);
  return {
    partial: news.gone.size === 0 ? partial : without(partial, (id) => news.gone.has(id)),
    waiting: without(waiting, isOver),
  };
}

/** The same record when nothing of it goes. */
export function without<TValue>(
  record: Readonly<Record<string, TValue>>,
  goes: (id: string) => boolean,
): Readonly<Record<string, TValue>> {
  const entries = Object.entries(record);
  const left = entries.filter(([id]) => !goes(id));
  return left.length === entries.length ? record : Object.fromEntries(left);
}
