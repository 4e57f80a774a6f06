import { z } from 'zod';

/** The replicated collections. `command` (results) and `personal` come down to their agent alone. */
export const collections = [
  'customer',
  'conversation',
  'message',
  'order',
  'directory',
  'command',
  'personal',
] as const;
export const collectionSchema = z.enum(collections);
export type CollectionName = z.infer<typeof collectionSchema>;

export const changeSchema = z.object({
  seq: z.number(),
  createdSeq: z.number(),
  collection: collectionSchema,
  id: z.string(),
  deleted: z.boolean().optional(),
  removed: z.boolean().optional(),
  /** By which of the reader's own scopes he sees the document; absent for messages, which are seen with their conversation. */
  scopes: z.array(z.string()).optional(),
  /** Of a conversation that the reader has not always seen: from which `seq` on he sees it without a break. */
  since: z.number().optional(),
  doc: z.looseObject({ id: z.string() }).optional(),
});
export type Change = z.infer<typeof changeSchema>;

export const changesPageSchema = z.object({
  changes: z.array(changeSchema),
  checkpoint: z.string(),
  upToDate: z.boolean(),
  accessVersion: z.number(),
  serverTime: z.number(),
});
export type ChangesPage = z.infer<typeof changesPageSchema>;

/** One live frame; `fromSeq` is the last `toSeq` sent on the same socket, so a gap shows (R7). */
export const changesFrameSchema = z.object({
  fromSeq: z.number(),
  toSeq: z.number(),
  checkpoint: z.string(),
  accessVersion: z.number(),
  serverTime: z.number(),
  changes: z.array(changeSchema),
});
export type ChangesFrame = z.infer<typeof changesFrameSchema>;

/**
 * A part of the replica that can be fetched by itself: `open` (all unresolved work), `recent` (what changed in 90 days),
 * `history` (the rest, newest first), `conversation:{id}` (one conversation, whole), `scope:{s}` (what a scope gave), and
 * `range:{collection}:{from}:{to}` (documents created at these places of the log, to repair what a digest found wrong).
 */
export const snapshotPartSchema = z
  .string()
  .max(200)
  .regex(
    /^(open|recent|history|conversation:[^\s:]{1,100}|scope:(all|[a-z]+(:[^\s:]{1,100})?)|range:[a-z]+:\d{1,16}:\d{1,16})$/,
    'must be open, recent, history, conversation:{id}, scope:{scope} or range:{collection}:{from}:{to}',
  );

export const snapshotItemSchema = changeSchema
  .omit({ deleted: true, removed: true, since: true })
  .extend({ doc: z.looseObject({ id: z.string() }) });
export type SnapshotItem = z.infer<typeof snapshotItemSchema>;

/** One page of a part. A conversation comes before its messages, and each item carries its own place in the log. */
export const snapshotPageSchema = z.object({
  /** Checkpoint of the head of the log as it was before the first row of the part's first page was read. */
  asOf: z.string(),
  items: z.array(snapshotItemSchema),
  /** Null on the last page. */
  nextCursor: z.string().nullable(),
  /** About how many documents the whole part has, for a progress bar; on the first page alone. */
  total: z.number().optional(),
  accessVersion: z.number(),
  serverTime: z.number(),
});
export type SnapshotPage = z.infer<typeof snapshotPageSchema>;

/** Told when what an agent may see has changed: `['all']` in both means that the whole copy is to be renewed. */
export const accessChangedSchema = z.object({
  lost: z.array(z.string()),
  gained: z.array(z.string()),
  accessVersion: z.number(),
});
export type AccessChanged = z.infer<typeof accessChangedSchema>;

/**
 * What a reader at a checkpoint holds, in ranges of `createdSeq`. `hash` is `digestOf` over the documents of the range that
 * did not change after the checkpoint. A range in which something did is `moved`: pull, then ask again.
 */
export const digestSchema = z.object({
  ranges: z.array(
    z.object({
      collection: collectionSchema,
      from: z.number(),
      /** Exclusive. */
      to: z.number(),
      count: z.number(),
      hash: z.string(),
      moved: z.boolean().optional(),
    }),
  ),
  accessVersion: z.number(),
  serverTime: z.number(),
});
export type Digest = z.infer<typeof digestSchema>;

/** Digests speak of these; the directory and commands are few and never evicted, but may be damaged as well. */
export const DIGEST_RANGE = 4_096;

/** The sums of two FNV-1a hashes, as text: equal for equal sets of (id, seq), in whatever order they are given. */
export function digestOf(entries: Iterable<{ id: string; seq: number }>): string {
  let low = 0;
  let high = 0;
  for (const { id, seq } of entries) {
    const text = `${id}@${seq}`;
    low = (low + fnv1a(text, 0x811c9dc5)) >>> 0;
    high = (high + fnv1a(text, 0x01000193)) >>> 0;
  }
  return `${high.toString(16).padStart(8, '0')}${low.toString(16).padStart(8, '0')}`;
}

function fnv1a(text: string, basis: number): number {
  let hash = basis;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/**
 * What a checkpoint says once decoded. Clients read `seq` and give the text back unchanged. `mark` is the random mark of
 * the commit `seq` lies in: after a restore from a backup an equal number may mean other history, the mark tells.
 */
export const checkpointSchema = z.object({ deskId: z.string(), seq: z.number().int().nonnegative(), mark: z.string() });
export type Checkpoint = z.infer<typeof checkpointSchema>;

/** base64url of the JSON; ASCII only, so `btoa` suffices in browsers and Node alike. */
export function encodeCheckpoint(checkpoint: Checkpoint): string {
  return btoa(JSON.stringify(checkpoint)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** @returns null when the text is not a checkpoint. */
export function decodeCheckpoint(text: string): Checkpoint | null {
  try {
    const parsed = checkpointSchema.safeParse(JSON.parse(atob(text.replaceAll('-', '+').replaceAll('_', '/'))));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // not base64 or not JSON: the caller answers "bad-input"
  }
}

/** The largest page `GET /api/sync/changes` serves. */
export const MAX_CHANGES_PER_PAGE = 5_000;
