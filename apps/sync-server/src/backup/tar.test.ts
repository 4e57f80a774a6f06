import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readTar, TAR_END, toTarHeader, toTarPadding } from './tar.ts';

const contents = { 'a/one.txt': Buffer.from('one'), 'a/empty': Buffer.alloc(0), 'a/block': Buffer.alloc(1024, 7) };

function pack(entries: Record<string, Buffer> = contents): Buffer {
  return Buffer.concat([
    ...Object.entries(entries).flatMap(([name, content]) => [
      toTarHeader(name, content.length, 1_800_000_000_000),
      content,
      toTarPadding(content.length),
    ]),
    TAR_END,
  ]);
}

/** The bytes in pieces of one size, as a stream might bring them. */
async function* inPieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function unpack(source: AsyncIterable<Buffer>): Promise<Record<string, Buffer>> {
  const entries: Record<string, Buffer> = {};
  for await (const { name, content } of readTar(source)) {
    const chunks: Buffer[] = [];
    for await (const chunk of content) chunks.push(chunk);
    entries[name] = Buffer.concat(chunks);
  }
  return entries;
}

test.each([1, 511, 512, 513, 100_000])('what was packed is unpacked, from pieces of %i bytes', async (size) => {
  expect(await unpack(inPieces(pack(), size))).toEqual(contents);
});

test.skipIf(process.platform === 'win32')('tar reads it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-tar-'));
  const file = join(folder, 'x.tar');
  writeFileSync(file, pack());
  const listed = execFileSync('tar', ['-tvf', file], { encoding: 'utf8', env: { ...process.env, TZ: 'UTC' } });
  expect(listed).toMatch(/-rw-------.* 3 2027-01-15 08:00 a\/one\.txt\n.* 0 .*a\/empty\n.* 1024 .*a\/block\n$/);
  expect(execFileSync('tar', ['-xOf', file, 'a/one.txt'], { encoding: 'utf8' })).toBe('one');
  rmSync(folder, { recursive: true });
});

test('a file that ends too early or whose blocks are damaged is refused', async () => {
  const whole = pack();
  for (const bytes of [0, 300, 513, 1024, whole.length - TAR_END.length]) {
    await expect(unpack(inPieces(whole.subarray(0, bytes), 4096))).rejects.toThrow('ends too early');
  }
  const damaged = Buffer.from(whole);
  damaged.writeUInt8(0x62, 3);
  await expect(unpack(inPieces(damaged, 4096))).rejects.toThrow('damaged');
});
