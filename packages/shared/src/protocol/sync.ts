import { z } from 'zod';

/** The replicated collections. `command` holds results and comes down to its author alone. */
export const collections = ['customer', 'conversation', 'message', 'order', 'directory', 'command'] as const;
export const collectionSchema = z.enum(collections);
export type CollectionName = z.infer<typeof collectionSchema>;

export const changeSchema = z.object({
  seq: z.number(),
  createdSeq: z.number(),
  collection: collectionSchema,
  id: z.string(),
  deleted: z.boolean().optional(),
  removed: z.boolean().optional(),
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
