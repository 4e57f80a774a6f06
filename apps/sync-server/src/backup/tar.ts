const BLOCK_BYTES = 512;
// The largest size eleven octal digits can say; ours are megabytes.
const MAX_ENTRY_BYTES = 8 ** 11 - 1;

export interface TarEntry {
  name: string;
  sizeBytes: number;
  /** Must be read to its end before the next entry is asked for. */
  content: AsyncIterable<Buffer>;
}

/** The end of a tar file: two empty blocks. */
export const TAR_END = Buffer.alloc(2 * BLOCK_BYTES);

/**
 * The block before an entry's content, in the ustar format that every tar program reads.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06
 */
export function toTarHeader(name: string, sizeBytes: number, atMs: number): Buffer {
  if (Buffer.byteLength(name) > 100 || sizeBytes > MAX_ENTRY_BYTES) throw new Error(`${name} does not fit into a tar`);
  const block = Buffer.alloc(BLOCK_BYTES);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
  block.write(name, 0);
  block.write(octal(0o600, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(sizeBytes, 11), 124);
  block.write(octal(Math.floor(atMs / 1000), 11), 136);
  block.write('        0', 148); // the checksum counts itself as blanks; then the type, a plain file
  block.write('ustar\u000000', 257);
  block.write(`${octal(sumOf(block), 6)} `, 148);
  return block;
}

/** The zeros between an entry's content and the next block. */
export function toTarPadding(sizeBytes: number): Buffer {
  return Buffer.alloc((BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES);
}

/**
 * Reads a tar file of plain files, one entry after the other, without holding any of them in memory.
 *
 * @throws Error when a block is damaged or the file ends before the end mark.
 */
export async function* readTar(source: AsyncIterable<Buffer>): AsyncGenerator<TarEntry> {
  const input = new ExactReader(source);
  for (;;) {
    const block = await input.take(BLOCK_BYTES);
    if (block.every((byte) => byte === 0)) return input.drain();
    const { name, sizeBytes } = parseHeader(block);
    let left = sizeBytes;
    const content = (async function* () {
      while (left > 0) {
        const chunk = await input.takeUpTo(left);
        left -= chunk.length;
        yield chunk;
      }
    })();
    yield { name, sizeBytes, content };
    if (left > 0) throw new Error(`${name} was not read to its end`);
    await input.take(toTarPadding(sizeBytes).length);
  }
}

function parseHeader(block: Buffer): { name: string; sizeBytes: number } {
  const text = (from: number, to: number) => block.toString('utf8', from, to).replace(/\0.*$/s, '').trim();
  const octal = (from: number, to: number) =>
    /^[0-7]+$/.test(text(from, to)) ? Number.parseInt(text(from, to), 8) : -1;
  const sum = octal(148, 156);
  const blanked = Buffer.from(block).fill(' ', 148, 156);
  if (sum !== sumOf(blanked)) throw new Error('a block is damaged');
  const sizeBytes = octal(124, 136);
  if (sizeBytes < 0 || text(156, 157) !== '0') throw new Error('an entry is no plain file');
  return { name: text(0, 100), sizeBytes };
}

function sumOf(block: Buffer): number {
  return block.reduce((sum, byte) => sum + byte, 0);
}

/** Hands out exactly as many bytes as are asked for, from chunks of any size. */
class ExactReader {
  readonly #source: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async take(bytes: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let left = bytes; left > 0; ) {
      const part = await this.takeUpTo(left);
      parts.push(part);
      left -= part.length;
    }
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  }

  async takeUpTo(bytes: number): Promise<Buffer> {
    while (this.#rest.length === 0) {
      const next = await this.#source.next();
      if (next.done) throw new Error('it ends too early');
      this.#rest = next.value;
    }
    const part = this.#rest.subarray(0, bytes);
    this.#rest = this.#rest.subarray(part.length);
    return part;
  }

  /** Reads what is left, so that the checksum at the end of a compressed file is looked at. */
  async drain(): Promise<void> {
    for (let next = await this.#source.next(); !next.done; next = await this.#source.next());
  }
}
