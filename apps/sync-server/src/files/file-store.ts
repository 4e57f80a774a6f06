import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const SHA256 = /^[0-9a-f]{64}$/;
const FOLDER = 'files';

export interface StoredFile {
  sha256: string;
  sizeBytes: number;
}

/** Where the file store of a data folder keeps a file. */
export function pathOfFile(dataDir: string, sha256: string): string {
  if (!SHA256.test(sha256)) throw new Error('a file is named by its SHA-256');
  return join(dataDir, FOLDER, sha256);
}

/** Files named by the SHA-256 of their content, in one folder. What is stored is never changed. */
export class FileStore {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param dataDir - files go into its `files` folder, which is made when missing. */
  static async open(dataDir: string): Promise<FileStore> {
    const folder = join(dataDir, FOLDER);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return new FileStore(folder);
  }

  get folder(): string {
    return this.#folder;
  }

  /**
   * Writes the content and waits until it and its name are on disk: only then may a commit refer to it.
   *
   * Crash points: before the rename only a temporary file is left, which nothing names; after it the file is whole.
   */
  async storeFile(content: Buffer): Promise<StoredFile> {
    const stored = { sha256: createHash('sha256').update(content).digest('hex'), sizeBytes: content.length };
    if ((await this.findSize(stored.sha256)) !== content.length) await this.#write(stored.sha256, content);
    // Also where the file was there already: whoever wrote it may not have come this far.
    await this.#syncFolder();
    return stored;
  }

  async #write(sha256: string, content: Buffer): Promise<void> {
    const temporary = join(this.#folder, `.${sha256}.${randomBytes(6).toString('hex')}`);
    try {
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, join(this.#folder, sha256));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async #syncFolder(): Promise<void> {
    if (process.platform === 'win32') return; // a folder cannot be opened there; NTFS journals the rename
    const folder = await open(this.#folder, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  /** Bytes of a stored file, null when there is none. */
  async findSize(sha256: string): Promise<number | null> {
    if (!SHA256.test(sha256)) return null;
    try {
      return (await stat(join(this.#folder, sha256))).size;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  /** @throws Error when there is no such file. */
  async readFile(sha256: string): Promise<Buffer> {
    if (!SHA256.test(sha256)) throw new Error('a file is named by its SHA-256');
    return readFile(join(this.#folder, sha256));
  }
}
