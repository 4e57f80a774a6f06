import type { TokenStorage } from '@tradewind/shared/ipc/bridge';
import { z } from 'zod';
import type { JsonFile } from './json-file.ts';

/** The system's key store, or what stands for it in tests. */
export interface KeyStore {
  /** False where what it encrypts could be read by anybody with the file: then nothing is written. */
  isSafe(): boolean;
  encrypt(text: string): Buffer;
  /** @throws when the key is another one or the text was changed. */
  decrypt(encrypted: Buffer): string;
}

export const tokensSchema = z.object({ tokens: z.record(z.string(), z.base64()).default({}) });
type Tokens = z.infer<typeof tokensSchema>;

/** The session tokens, one per server: encrypted in the profile when there is a safe key, else in memory only. */
export class TokenStore {
  readonly #file: JsonFile<Tokens>;
  readonly #keys: KeyStore;
  readonly #known = new Map<string, string | null>();

  constructor(file: JsonFile<Tokens>, keys: KeyStore) {
    this.#file = file;
    this.#keys = keys;
  }

  get storage(): TokenStorage {
    return this.#keys.isSafe() ? 'key-store' : 'memory';
  }

  /** @returns where it lies: in memory too where the disk takes no more, and the next start asks for the password. */
  adopt(server: string, token: string): TokenStorage {
    this.#known.set(server, token);
    if (!this.#keys.isSafe()) return 'memory';
    try {
      this.#write(server, this.#keys.encrypt(token).toString('base64'));
      return 'key-store';
    } catch (error) {
      console.error('The session could not be kept for the next start.', error);
      return 'memory';
    }
  }

  get(server: string): string | null {
    const known = this.#known.get(server);
    if (known !== undefined) return known;
    const token = this.#read(server);
    this.#known.set(server, token);
    return token;
  }

  forget(server: string): void {
    this.#known.set(server, null);
    if (server in this.#file.value.tokens) this.#write(server, null);
  }

  /** A token that cannot be read is no token: the agent logs in again. */
  #read(server: string): string | null {
    const encrypted = this.#file.value.tokens[server];
    if (encrypted === undefined || !this.#keys.isSafe()) return null;
    try {
      return this.#keys.decrypt(Buffer.from(encrypted, 'base64'));
    } catch {
      this.#write(server, null);
      return null;
    }
  }

  #write(server: string, encrypted: string | null): void {
    const { [server]: _old, ...others } = this.#file.value.tokens;
    this.#file.save({ tokens: encrypted === null ? others : { ...others, [server]: encrypted } });
  }
}
