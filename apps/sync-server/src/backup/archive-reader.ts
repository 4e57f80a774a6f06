import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import {
  type ArchiveHeader,
  type ArchiveTrailer,
  FORMAT,
  headerSchema,
  parseEntryName,
  trailerSchema,
} from './archive-format.ts';
import { readTar, type TarEntry } from './tar.ts';

// Header and manifest are kilobytes; whatever claims to be more is no archive of ours.
const MAX_JSON_BYTES = 64 * 1024 * 1024;

/** What happens with the parts of an archive while it is read, in its order. */
export interface ArchiveHandlers {
  header?(header: ArchiveHeader): Promise<void>;
  /** Parts of one table follow each other. */
  tablePart?(table: string, content: Buffer): Promise<void>;
  file?(sha256: string, content: Buffer): Promise<void>;
}

/**
 * Reads a whole archive and checks all of it: every part is there, in full, and has the content it was written with.
 *
 * What `handlers` are given is unchecked until this returns: they work in a transaction, or not at all.
 *
 * @throws Error in one sentence when the file is no archive, is cut off, or is damaged.
 */
export async function readArchive(
  path: string,
  handlers: ArchiveHandlers = {},
  signal?: AbortSignal,
): Promise<{ header: ArchiveHeader; trailer: ArchiveTrailer }> {
  const checks = new ArchiveChecks();
  const file = createReadStream(path, { highWaterMark: 256 * 1024, ...(signal ? { signal } : {}) });
  const source = pipeline(file, createGunzip(), () => undefined); // an error reaches us through the iteration
  try {
    for await (const entry of readTar(source)) await readEntry(entry, checks, handlers);
    return checks.finish();
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof HandlerError) throw error.cause;
    throw toSentence(path, error);
  } finally {
    source.destroy();
  }
}

/** What a handler threw is not the archive's fault. */
class HandlerError extends Error {}

async function handle(work: Promise<void> | undefined): Promise<void> {
  await work?.catch((cause: unknown) => {
    throw new HandlerError('', { cause });
  });
}

async function readEntry(entry: TarEntry, checks: ArchiveChecks, handlers: ArchiveHandlers): Promise<void> {
  const is = parseEntryName(entry.name);
  if (is === null) throw new Error(`it holds something unknown (${JSON.stringify(entry.name.slice(0, 80))})`);
  if (is.kind === 'table') {
    const content = await collect(entry);
    checks.addTablePart(is.table, content);
    await handle(handlers.tablePart?.(is.table, content));
  } else if (is.kind === 'file') {
    if (handlers.file === undefined) await checks.addFile(is.sha256, entry.content);
    else {
      const content = await collect(entry);
      await checks.addFile(is.sha256, [content]);
      await handle(handlers.file(is.sha256, content));
    }
  } else {
    if (entry.sizeBytes > MAX_JSON_BYTES) throw new Error(`${entry.name} is too large`);
    const content = await collect(entry);
    if (is.kind === 'trailer') checks.setTrailer(content);
    else {
      const header = checks.setHeader(content);
      await handle(handlers.header?.(header));
    }
  }
}

async function collect(entry: TarEntry): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of entry.content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Keeps what has been read, to be compared with the manifest at the end. */
class ArchiveChecks {
  readonly #tables = new Map<string, { hash: Hash; sizeBytes: number }>();
  readonly #fileNames = createHash('sha256');
  #files = 0;
  #fileBytes = 0;
  #header: ArchiveHeader | null = null;
  #headerSha256 = '';
  #trailer: ArchiveTrailer | null = null;

  setHeader(content: Buffer): ArchiveHeader {
    if (this.#header !== null) throw new Error('it has two beginnings');
    const json: unknown = JSON.parse(content.toString('utf8'));
    const version = z.object({ product: z.literal('tradewind'), format: z.number() }).parse(json);
    if (version.format > FORMAT) throw new NewerFormatError();
    this.#header = headerSchema.parse(json);
    this.#headerSha256 = createHash('sha256').update(content).digest('hex');
    return this.#header;
  }

  addTablePart(table: string, content: Buffer): void {
    if (!this.#header?.tables.some((one) => one.name === table))
      throw new Error(`it has a part of no table (${table})`);
    const known = this.#tables.get(table) ?? { hash: createHash('sha256'), sizeBytes: 0 };
    known.hash.update(content);
    this.#tables.set(table, { hash: known.hash, sizeBytes: known.sizeBytes + content.length });
  }

  async addFile(sha256: string, content: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
    const hash = createHash('sha256');
    for await (const chunk of content) {
      hash.update(chunk);
      this.#fileBytes += chunk.length;
    }
    if (hash.digest('hex') !== sha256) throw new Error(`the file ${sha256} has other content`);
    this.#fileNames.update(`${sha256}\n`);
    this.#files += 1;
  }

  setTrailer(content: Buffer): void {
    if (this.#trailer !== null) throw new Error('it has two ends');
    this.#trailer = trailerSchema.parse(JSON.parse(content.toString('utf8')));
  }

  finish(): { header: ArchiveHeader; trailer: ArchiveTrailer } {
    const header = this.#header;
    const trailer = this.#trailer;
    if (header === null) throw new Error('it has no beginning');
    if (trailer === null) throw new Error('it ends too early');
    if (trailer.headerSha256 !== this.#headerSha256) throw new Error('its beginning is not its own');
    if (trailer.tables.map((one) => one.name).join() !== header.tables.map((one) => one.name).join()) {
      throw new Error('a table is missing');
    }
    const empty = { hash: createHash('sha256'), sizeBytes: 0 };
    for (const told of trailer.tables) {
      const read = this.#tables.get(told.name) ?? { ...empty, hash: empty.hash.copy() };
      if (read.sizeBytes !== told.sizeBytes || read.hash.digest('hex') !== told.sha256) {
        throw new Error(`the table ${told.name} has other content`);
      }
    }
    const { files } = trailer;
    const names = this.#fileNames.digest('hex');
    if (files.count !== this.#files || files.sizeBytes !== this.#fileBytes || files.sha256 !== names) {
      throw new Error('a file is missing');
    }
    return { header, trailer };
  }
}

class NewerFormatError extends Error {}

function toSentence(path: string, error: unknown): Error {
  if (error instanceof NewerFormatError) {
    return new Error(`The archive ${path} was made by a newer Tradewind: restore it with that one.`, { cause: error });
  }
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'Z_DATA_ERROR' || code === 'Z_BUF_ERROR' || code === undefined) {
    const reason = code === 'Z_BUF_ERROR' ? 'it ends too early' : code ? 'its compression is damaged' : describe(error);
    return new Error(`The archive ${path} cannot be used, and nothing was changed: ${reason}.`, { cause: error });
  }
  if (code === 'ENOENT') return new Error(`There is no archive ${path}: look at its name.`, { cause: error });
  return new Error(`The archive ${path} cannot be read (${code}).`, { cause: error });
}

function describe(error: unknown): string {
  if (error instanceof z.ZodError || error instanceof SyntaxError) return 'it is no backup of Tradewind, or damaged';
  return error instanceof Error ? error.message : String(error);
}
