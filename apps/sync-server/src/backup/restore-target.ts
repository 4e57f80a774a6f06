import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findSecretKey, KEY_FILE, keyFingerprint } from '../accounts/secret-box.ts';
import { makeFolder, markFolder, UNFINISHED } from '../launch/data-folder.ts';

/** What a folder may hold and still be empty: the key is put there by hand. */
const ALLOWED = new Set([KEY_FILE, 'lost+found']);

/** A data folder that a restore fills: all of it, or it is left as it was. */
export class RestoreTarget {
  readonly folder: string;
  #isNew = false;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * Looks whether an archive may be restored into a folder. Writes nothing.
   *
   * @throws Error in one sentence: the folder holds something, the key is missing or another one.
   */
  static async check(folder: string, secretKey: string | null, fingerprint: string): Promise<RestoreTarget> {
    const names = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
      if (error.code === 'ENOENT') return [];
      throw new Error(`The data folder ${folder} cannot be read (${error.code}).`, { cause: error });
    });
    const others = names.filter((name) => !ALLOWED.has(name));
    if (others.length > 0 && !names.includes(UNFINISHED)) {
      throw new Error(
        `The data folder ${folder} is not empty (${others[0]}): choose a new one with --data DIR, nothing was changed.`,
      );
    }
    const key = await findSecretKey(secretKey, folder);
    if (key === null) {
      throw new Error(
        `The desk's secret key is needed, and an archive never holds it: put secret.key into ${folder} (mode 600), or set TRADEWIND_SECRET_KEY. Nothing was changed.`,
      );
    }
    if (keyFingerprint(key) !== fingerprint) {
      const source = secretKey === null ? join(folder, KEY_FILE) : 'TRADEWIND_SECRET_KEY';
      throw new Error(`${source} is not the secret key this desk was made with. Nothing was changed.`);
    }
    return new RestoreTarget(folder);
  }

  /** Marks the folder as unfinished, which survives whatever happens; what an earlier restore left half done is removed. */
  async begin(): Promise<void> {
    this.#isNew = (await readdir(this.folder).catch(() => null)) === null;
    await makeFolder(this.folder);
    const mark = await open(join(this.folder, UNFINISHED), 'w', 0o600);
    try {
      await mark.sync();
    } finally {
      await mark.close();
    }
    await this.#empty();
  }

  /** The desk stands: from here on the folder may be started. */
  async finish(mode: 'demo' | 'desk'): Promise<void> {
    await markFolder(this.folder, mode);
    await rm(join(this.folder, UNFINISHED), { force: true });
  }

  /** Leaves the folder as it was found. */
  async undo(): Promise<void> {
    await this.#empty();
    await rm(join(this.folder, UNFINISHED), { force: true });
    if (this.#isNew && (await readdir(this.folder)).length === 0) await rm(this.folder, { recursive: true });
  }

  async #empty(): Promise<void> {
    for (const name of await readdir(this.folder)) {
      if (!ALLOWED.has(name) && name !== UNFINISHED)
        await rm(join(this.folder, name), { recursive: true, force: true });
    }
  }
}
