import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { CollectionName } from '@tradewind/shared/protocol/sync';
import { sql } from 'kysely';
import type { Tx } from '../db/database.ts';
import { PREPARED } from '../db/prepared.ts';

export interface ChangeEntry {
  collection: CollectionName;
  id: string;
  /**
   * Who may read it (protocol: Visibility). Readers of customers, conversations, messages and orders follow from the
   * documents themselves (`append_changes`, migration 0003): for these it counts only where nothing else says so.
   */
  scopes: readonly string[] | null;
  deleted?: boolean;
}

export interface AppendedChange {
  collection: CollectionName;
  id: string;
  seq: number;
  createdSeq: number;
}

/**
 * Gives every changed document its place in the change log (R5) and its readers (R15). Call it once per transaction, after all other work, as
 * the last statement before commit: it takes the change-log lock, which is held until the commit is on disk.
 *
 * @param entries - one per document; a document named twice is written once, with the later entry.
 * @returns the new positions, also of customers and orders whose readers changed with a conversation; `createdSeq` is the
 *   document's first one.
 */
export async function appendChanges(tx: Tx, entries: readonly ChangeEntry[], nowMs: number): Promise<AppendedChange[]> {
  const unique = new Map(entries.map((entry) => [`${entry.collection}:${entry.id}`, entry]));
  if (unique.size === 0) return [];
  const rows = [...unique.values()];
  const result = await sql<{ o_collection: CollectionName; o_id: string; o_seq: number; o_created_seq: number }>`
    ${sql.raw(PREPARED)} select * from append_changes(
      ${rows.map((row) => row.collection)}::text[], ${rows.map((row) => row.id)}::text[],
      ${rows.map((row) => row.scopes?.join(',') ?? null)}::text[], ${rows.map((row) => row.deleted ?? false)}::boolean[],
      ${randomBytes(9).toString('base64url')}, ${nowMs})`.execute(tx);
  return result.rows.map((row) => ({
    collection: row.o_collection,
    id: row.o_id,
    seq: row.o_seq,
    createdSeq: row.o_created_seq,
  }));
}

/** The head a commit reached: what `changeBus.announce` wants after the transaction. */
export function headOf(appended: readonly AppendedChange[]): number {
  return appended.reduce((head, change) => Math.max(head, change.seq), 0);
}

interface ChangeBusEvents {
  head: [seq: number];
}

/**
 * Tells this process that the change log has grown, right after a commit. A lost hint costs time, never data: readers
 * also look by themselves, and other nodes hear of it through the database.
 */
export class ChangeBus extends EventEmitter<ChangeBusEvents> {
  announce(seq: number): void {
    if (seq > 0) this.emit('head', seq);
  }
}
