import { readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Request, Response } from 'express';

type Encoding = 'br' | 'gzip';

const COMPRESSIBLE = new Set(['.css', '.html', '.js', '.json', '.svg', '.webmanifest']);
// Below a network packet there is nothing to win; above this it is no file of a build.
const MIN_BYTES = 1_400;
const MAX_BYTES = 8 * 1024 * 1024;
// More than a build has: after many builds under a running server its old files are let go.
const MAX_KEPT = 200;
const SAFE_NAME = /^(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*\/)*[A-Za-z0-9_-][A-Za-z0-9_.-]*$/;
// A third of a second for the whole console; the best quality saves 7 % more and takes 30 times as long.
const BROTLI_QUALITY = 9;

const compress: Record<Encoding, (content: Buffer) => Promise<Buffer>> = {
  br: (content) => promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
  gzip: (content) => promisify(gzip)(content, { level: 9 }),
};

/**
 * Sends the text files of a build compressed: each is compressed once, when it is first asked for, and kept in memory.
 * Only for files of ours: an answer that mixes secrets with what a stranger may choose must not be compressed.
 */
export class CompressedFiles {
  readonly #folder: string;
  readonly #kept = new Map<string, Promise<Buffer>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * @param name - path below the folder, with `/`.
   * @param setHeaders - called before a file is sent.
   * @returns false when nothing was sent: there is no such file, or it goes out as it is. Ranges are of the plain file.
   */
  async send(request: Request, response: Response, name: string, setHeaders: () => void): Promise<boolean> {
    if (!COMPRESSIBLE.has(extname(name)) || !SAFE_NAME.test(name)) return false;
    response.vary('Accept-Encoding');
    const encoding = chooseEncoding(request);
    if (encoding === null || request.headers.range !== undefined) return false;
    const path = join(this.#folder, name);
    const info = await stat(path).catch(() => null);
    if (!info?.isFile() || info.size < MIN_BYTES || info.size > MAX_BYTES) return false;
    const tag = `${info.size.toString(16)}-${Math.floor(info.mtimeMs).toString(16)}-${encoding}`;
    const content = await this.#read(path, encoding, tag);
    setHeaders();
    response.set({ 'Content-Encoding': encoding, ETag: `W/"${tag}"`, 'Last-Modified': info.mtime.toUTCString() });
    response.type(extname(name)).send(content);
    return true;
  }

  #read(path: string, encoding: Encoding, tag: string): Promise<Buffer> {
    const key = `${path} ${tag}`;
    const kept = this.#kept.get(key);
    if (kept) return kept;
    if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
    const content = readFile(path).then(compress[encoding]);
    this.#kept.set(key, content);
    content.catch(() => this.#kept.delete(key)); // removed by a build just now: the next request looks again
    return content;
  }
}

/** Brotli where it is taken, whatever the order the client names them in. */
function chooseEncoding(request: Request): Encoding | null {
  if (request.headers['accept-encoding'] === undefined) return null;
  return (['br', 'gzip'] as const).find((encoding) => request.acceptsEncodings(encoding) === encoding) ?? null;
}
