import { type ChatAttachment, MAX_CHAT_FILE_BYTES } from '@tradewind/shared/chat/wire';
import { AppError } from '@tradewind/shared/protocol/errors';
import type { Db } from '../db/database.ts';
import { findStoredFile, findUploadsOf, saveUpload } from '../db/queries/attachments.ts';
import type { VisitorRef } from '../db/queries/chat.ts';
import { visitorReference } from '../db/visitor-reference.ts';
import type { FileStore } from '../files/file-store.ts';
import type { ChatLimits } from './limits.ts';
import type { SignedKeys } from './signed-keys.ts';

export interface ChatFilesDeps {
  db: Db;
  store: FileStore;
  keys: SignedKeys;
  limits: ChatLimits;
  now: () => number;
  createId: () => string;
}

const HOUR_MS = 3_600_000;
// As long as a widget may stay connected without being welcomed again: a night on an open page.
const UPLOAD_KEY_MS = 24 * HOUR_MS;
// Addresses stay the same for a while, so that browsers need not fetch a picture again with every history.
const FILE_URL_STEP_MS = 12 * HOUR_MS;

/** Files of chats: visitors have no session that a route could check, so keys in the address and in a header stand for it. */
export class ChatFiles {
  readonly #deps: ChatFilesDeps;

  constructor(deps: ChatFilesDeps) {
    this.#deps = deps;
  }

  /** What lets the bearer upload files for this visitor. */
  createUploadKey({ accountId, visitorId }: VisitorRef): string {
    return this.#deps.keys.sign('upload', [accountId, visitorId], this.#deps.now() + UPLOAD_KEY_MS);
  }

  /** @throws AppError `unauthenticated`: a new connection gives a new key. */
  readUploadKey(key: string): VisitorRef {
    const [accountId, visitorId] = this.#deps.keys.read('upload', key, this.#deps.now()) ?? [];
    if (accountId === undefined || visitorId === undefined) {
      throw new AppError('unauthenticated', 'The X-Chat-Key is not good, or no longer.');
    }
    return { accountId, visitorId };
  }

  /** @throws AppError `rate-limited`, also before the first byte: `sizeBytes` may be what the client says. */
  takeUpload(visitor: VisitorRef, address: string, sizeBytes: number): void {
    this.#deps.limits.take('upload-bytes', visitor.visitorId, address, this.#deps.now(), sizeBytes);
  }

  /** Stores a file; a message of the same visitor may name it from now on. */
  async save(visitor: VisitorRef, content: Buffer, name: string, contentType: string): Promise<ChatAttachment> {
    const { db, store, now, createId } = this.#deps;
    if (content.length > MAX_CHAT_FILE_BYTES) {
      throw new AppError('too-large', `A file may have at most ${MAX_CHAT_FILE_BYTES} bytes.`);
    }
    const stored = await store.storeFile(content);
    const id = createId();
    await saveUpload(db, {
      ...stored,
      id,
      name,
      contentType,
      uploadedBy: visitorReference(visitor.visitorId),
      at: now(),
    });
    return { id, name, contentType, sizeBytes: stored.sizeBytes, url: this.createUrl(id) };
  }

  /** @throws AppError `bad-input` when one of these files was not uploaded by this visitor. */
  async assertOwn(visitor: VisitorRef, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const found = new Set(await findUploadsOf(this.#deps.db, visitorReference(visitor.visitorId), ids));
    const missing = ids.findIndex((id) => !found.has(id));
    if (missing < 0) return;
    throw new AppError('bad-input', 'This cannot be read.', {
      errors: [{ path: `attachmentIds.${missing}`, message: 'is not a file of yours: upload it first' }],
    });
  }

  createUrl(attachmentId: string): string {
    const step = Math.floor(this.#deps.now() / FILE_URL_STEP_MS) + 2;
    const key = this.#deps.keys.sign('file', [attachmentId], step * FILE_URL_STEP_MS);
    return `/chat/files/${attachmentId}?key=${key}`;
  }

  /** The file a signed address names. @throws AppError `not-found`, whatever is wrong with it. */
  async find(attachmentId: string, key: string): Promise<{ name: string; contentType: string; sha256: string }> {
    const [signedId] = this.#deps.keys.read('file', key, this.#deps.now()) ?? [];
    const found = signedId === attachmentId ? await findStoredFile(this.#deps.db, attachmentId) : null;
    if (!found) throw new AppError('not-found', 'There is no such file, or its address is no longer good.');
    return found;
  }
}
