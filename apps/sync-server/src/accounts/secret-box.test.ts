import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keyFingerprint, loadSecretKey, parseSecretKey, SecretBox } from './secret-box.ts';

const key = Buffer.alloc(32, 7);

async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tradewind-key-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test('[R16] a box opens with its key, for its account, unchanged; and not otherwise', () => {
  const box = new SecretBox(key);
  const sealed = box.seal('a1', { signingKey: 'hush' });
  expect(box.open('a1', sealed)).toEqual({ signingKey: 'hush' });
  expect(sealed.toString('latin1')).not.toContain('hush');
  expect(() => box.open('a2', sealed)).toThrow();
  expect(() => new SecretBox(Buffer.alloc(32, 8)).open('a1', sealed)).toThrow();
  for (const index of [0, 1, 13, sealed.length - 1]) {
    const changed = Buffer.from(sealed);
    changed[index] = (changed[index] ?? 0) ^ 1;
    expect(() => box.open('a1', changed), `byte ${index}`).toThrow();
  }
});

test('equal secrets are never encrypted alike', () => {
  const box = new SecretBox(key);
  expect(box.seal('a1', { k: 'v' })).not.toEqual(box.seal('a1', { k: 'v' }));
});

test('a key is taken in base64, base64url or hex, and nothing else', () => {
  expect(parseSecretKey(key.toString('base64'), 'x')).toEqual(key);
  expect(parseSecretKey(key.toString('base64url'), 'x')).toEqual(key);
  expect(parseSecretKey(`${key.toString('hex')}\n`, 'x')).toEqual(key);
  for (const bad of ['', 'short', key.subarray(1).toString('base64'), `${key.toString('hex')}00`]) {
    expect(() => parseSecretKey(bad, 'TRADEWIND_SECRET_KEY')).toThrow(
      'TRADEWIND_SECRET_KEY: the secret key must be 32 bytes',
    );
  }
});

test('the key file is made once, for the owner alone', async () => {
  const folder = await createFolder();
  const first = await loadSecretKey(null, folder);
  expect(await loadSecretKey(null, folder)).toEqual(first);
  expect((await stat(join(folder, 'secret.key'))).mode & 0o777).toBe(0o600);
  expect(parseSecretKey(await readFile(join(folder, 'secret.key'), 'utf8'), 'x')).toEqual(first);
});

test('a key file others may read is refused', async () => {
  const folder = await createFolder();
  await loadSecretKey(null, folder);
  await chmod(join(folder, 'secret.key'), 0o640);
  await expect(loadSecretKey(null, folder)).rejects.toThrow('chmod 600');
});

test('a key file without a key is refused, not replaced', async () => {
  const folder = await createFolder();
  await writeFile(join(folder, 'secret.key'), '', { mode: 0o600 });
  await expect(loadSecretKey(null, folder)).rejects.toThrow('must be 32 bytes');
});

test('the fingerprint tells keys apart', () => {
  expect(keyFingerprint(key)).toBe(keyFingerprint(Buffer.from(key)));
  expect(keyFingerprint(key)).not.toBe(keyFingerprint(Buffer.alloc(32, 8)));
});
