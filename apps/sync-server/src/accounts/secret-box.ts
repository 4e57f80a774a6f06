import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';

export const KEY_FILE = 'secret.key';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
// First byte of every box, so that another cipher can follow one day.
const VERSION = 1;

/** @throws Error when the text is not 32 bytes in base64 or hex; the text itself is not repeated. */
export function parseSecretKey(text: string, source: string): Buffer {
  const plain = text.trim();
  const key = /^[0-9a-f]{64}$/i.test(plain) ? Buffer.from(plain, 'hex') : Buffer.from(plain, 'base64');
  if (key.length !== KEY_BYTES || !/^[A-Za-z0-9+/=_-]+$/.test(plain)) {
    throw new Error(`${source}: the secret key must be 32 bytes in base64 or hex.`);
  }
  return key;
}

/**
 * The key that encrypts account secrets: the given one, else that of `{dataDir}/secret.key`, which is made when missing.
 *
 * @throws Error when the file may be read by others, or holds no key.
 */
export async function loadSecretKey(given: string | null, dataDir: string): Promise<Buffer> {
  const path = join(dataDir, KEY_FILE);
  return (await findSecretKey(given, dataDir)) ?? (await createKeyFile(path, dataDir)) ?? readAgain(path);
}

/** As `loadSecretKey`; null where there is none yet. */
export async function findSecretKey(given: string | null, dataDir: string): Promise<Buffer | null> {
  return given === null ? readKeyFile(join(dataDir, KEY_FILE)) : parseSecretKey(given, 'TRADEWIND_SECRET_KEY');
}

async function readKeyFile(path: string): Promise<Buffer | null> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new Error(`${path} cannot be read (${error.code ?? error.message}).`, { cause: error });
  });
  if (!file) return null;
  try {
    // Windows has no such bits; there the folder's own permissions protect the file.
    if (process.platform !== 'win32' && ((await file.stat()).mode & 0o077) !== 0) {
      throw new Error(`${path} may be read by other users. Run: chmod 600 ${path}`);
    }
    return parseSecretKey(await file.readFile('utf8'), path);
  } finally {
    await file.close();
  }
}

/** @returns null when another process made the file first. */
async function createKeyFile(path: string, dataDir: string): Promise<Buffer | null> {
  await mkdir(dataDir, { recursive: true });
  const key = randomBytes(KEY_BYTES);
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
  const file = await open(path, flags, 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return null;
    throw error;
  });
  if (!file) return null;
  try {
    await file.writeFile(`${key.toString('base64')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return key;
}

async function readAgain(path: string): Promise<Buffer> {
  const key = await readKeyFile(path);
  if (!key) throw new Error(`${path} vanished while it was being read.`);
  return key;
}

/** A hash that tells one key from another without telling the key; kept in the desk row. */
export function keyFingerprint(key: Buffer): string {
  return createHmac('sha256', key).update('tradewind secret key').digest('base64url').slice(0, 22);
}

/** Encrypts the secrets of one account with AES-256-GCM (R16): version, nonce, tag, ciphertext. */
export class SecretBox {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  /** The account's id is authenticated with it, so that a box moved to another row does not open. */
  seal(accountId: string, secrets: Readonly<Record<string, unknown>>): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(accountId));
    const content = Buffer.concat([cipher.update(JSON.stringify(secrets), 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), content]);
  }

  /** @throws Error when the box was made with another key or for another account, or was changed. */
  open(accountId: string, box: Buffer): Record<string, unknown> {
    if (box[0] !== VERSION) throw new Error('the secrets have an unknown form');
    const nonce = box.subarray(1, 1 + NONCE_BYTES);
    const tag = box.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(accountId)).setAuthTag(tag);
    const content = decipher.update(box.subarray(1 + NONCE_BYTES + TAG_BYTES));
    return JSON.parse(Buffer.concat([content, decipher.final()]).toString('utf8'));
  }
}
