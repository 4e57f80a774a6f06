import { z } from 'zod';

/** Raised when older programs could not read what we write. */
export const FORMAT = 1;
export const HEADER_NAME = 'backup.json';
export const TRAILER_NAME = 'manifest.json';
/** A table is cut into entries of about this size, because a tar entry says its size before its content. */
export const PART_BYTES = 4 * 1024 * 1024;

const count = z.number().int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const name = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/);

/** First entry: what the archive is of. Names become part of SQL and of paths, so they are letters, digits and `_`. */
export const headerSchema = z.object({
  format: z.literal(FORMAT),
  product: z.literal('tradewind'),
  createdAt: z.number().int(),
  schemaVersion: z.number().int().positive(),
  deskId: z.string(),
  mode: z.enum(['demo', 'desk']),
  /** Tells which secret key belongs to it; the key itself is never in an archive. */
  keyFingerprint: z.string(),
  /** In an order in which foreign keys hold. */
  tables: z.array(z.object({ name, columns: z.array(name).min(1) })),
  sequences: z.array(z.object({ name, lastValue: count, isCalled: z.boolean() })),
});
export type ArchiveHeader = z.infer<typeof headerSchema>;

/** Last entry: what must have been read when it comes. */
export const trailerSchema = z.object({
  headerSha256: sha256,
  tables: z.array(z.object({ name, rows: count, sizeBytes: count, sha256 })),
  /** `sha256` is over the names, one per line; a file's name is the hash of its content. */
  files: z.object({ count, sizeBytes: count, sha256 }),
  /** Files the documents name that were not in the folder. */
  missingFiles: z.array(sha256),
});
export type ArchiveTrailer = z.infer<typeof trailerSchema>;

export function tablePartName(table: string, part: number): string {
  return `tables/${table}/${String(part).padStart(6, '0')}.copy`;
}

export function fileName(hash: string): string {
  return `files/${hash}`;
}

/** What an entry's name says it is; null for a name we never write. */
export function parseEntryName(
  text: string,
):
  | { kind: 'header' }
  | { kind: 'trailer' }
  | { kind: 'table'; table: string }
  | { kind: 'file'; sha256: string }
  | null {
  if (text === HEADER_NAME) return { kind: 'header' };
  if (text === TRAILER_NAME) return { kind: 'trailer' };
  const table = /^tables\/([a-z0-9_]+)\/\d{6,}\.copy$/.exec(text)?.[1];
  if (table !== undefined) return { kind: 'table', table };
  const file = /^files\/([0-9a-f]{64})$/.exec(text)?.[1];
  return file === undefined ? null : { kind: 'file', sha256: file };
}
