import type { ChatAttachment } from '@tradewind/shared/chat/wire';
import { MAX_FILE_BYTES, MAX_FILES } from './limits.ts';

export interface Upload {
  readonly id: string;
  readonly name: string;
  readonly sizeBytes: number;
  /** Address of the picture itself while it is here; null for other files. */
  readonly preview: string | null;
  readonly state: 'waiting' | 'uploading' | 'done' | 'failed';
  readonly percent: number;
  readonly attachment: ChatAttachment | null;
}

export type FileRefusal = { kind: 'large' | 'empty'; name: string } | { kind: 'many' };

export interface Uploads {
  list(): readonly Upload[];
  /** @returns what is not taken, and why. */
  add(files: readonly File[]): FileRefusal[];
  retry(id: string): void;
  remove(id: string): void;
  /** Forgets all of them: they were sent, or belong to somebody else. */
  clear(): void;
  /** Starts what waits for the network. */
  start(): void;
}

interface Options {
  server: string;
  /** Key of this connection; null while there is none. */
  readKey: () => string | null;
  createId: () => string;
  onChange: () => void;
  /** The key is no longer good; a new connection brings another. */
  onStaleKey: () => void;
  /** An upload ended well or badly. */
  onEnd: (upload: Upload) => void;
}

interface Entry {
  upload: Upload;
  file: File;
  request: XMLHttpRequest | null;
}

const WAITING = { state: 'waiting', percent: 0 } as const;

/** Files on their way to the desk, for the message that is being written. */
export function createUploads({ server, readKey, createId, onChange, onStaleKey, onEnd }: Options): Uploads {
  const entries = new Map<string, Entry>();

  function update(id: string, change: Partial<Upload>): void {
    const entry = entries.get(id);
    if (entry === undefined) return;
    entry.upload = { ...entry.upload, ...change };
    onChange();
  }

  function end(id: string, attachment: ChatAttachment | null): void {
    update(id, attachment === null ? { state: 'failed' } : { state: 'done', percent: 100, attachment });
    const entry = entries.get(id);
    if (entry !== undefined) onEnd(entry.upload);
  }

  function start(): void {
    for (const [id, entry] of entries) {
      const key = readKey();
      if (key !== null && entry.upload.state === 'waiting') send(id, entry, key);
    }
  }

  function send(id: string, entry: Entry, key: string): void {
    // Not fetch: it does not tell how far an upload has come.
    const request = new XMLHttpRequest();
    entry.request = request;
    request.open('POST', `${server}/chat/files`);
    request.setRequestHeader('content-type', entry.file.type || 'application/octet-stream');
    request.setRequestHeader('x-chat-key', key);
    request.setRequestHeader('x-file-name', encodeURIComponent(entry.file.name));
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) update(id, { percent: Math.floor((event.loaded / event.total) * 100) });
    });
    request.addEventListener('load', () => {
      if (request.status !== 401) return end(id, readAttachment(request));
      update(id, WAITING);
      onStaleKey();
    });
    request.addEventListener('error', () => {
      // Cut off: it starts again with the next connection. While there is one, something else is wrong.
      if (readKey() === null) update(id, WAITING);
      else end(id, null);
    });
    update(id, { state: 'uploading', percent: 0 });
    request.send(entry.file);
  }

  function remove(id: string): void {
    const entry = entries.get(id);
    entries.delete(id);
    entry?.request?.abort();
    if (entry?.upload.preview) URL.revokeObjectURL(entry.upload.preview);
    onChange();
  }

  return {
    list: () => [...entries.values()].map(({ upload }) => upload),
    add(files) {
      const refusals: FileRefusal[] = [];
      for (const file of files) {
        const refusal = findRefusal(file, entries.size);
        if (refusal !== null) {
          refusals.push(refusal);
          continue;
        }
        const id = createId();
        const preview = isPicture(file.type) ? URL.createObjectURL(file) : null;
        const { name, size: sizeBytes } = file;
        const upload: Upload = { id, name, sizeBytes, preview, state: 'waiting', percent: 0, attachment: null };
        entries.set(id, { upload, file, request: null });
      }
      onChange();
      start();
      return refusals;
    },
    retry(id) {
      update(id, WAITING);
      start();
    },
    remove,
    clear() {
      for (const id of [...entries.keys()]) remove(id);
    },
    start,
  };
}

/** Pictures that browsers show without running anything. */
export function isPicture(contentType: string): boolean {
  return /^image\/(?:png|jpeg|gif|webp|avif)$/.test(contentType);
}

function findRefusal({ name, size }: File, count: number): FileRefusal | null {
  if (count >= MAX_FILES) return { kind: 'many' };
  if (size > MAX_FILE_BYTES) return { kind: 'large', name };
  return size === 0 ? { kind: 'empty', name } : null;
}

function readAttachment(request: XMLHttpRequest): ChatAttachment | null {
  if (request.status < 200 || request.status > 299) return null;
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null; // something between us and the desk answered
  }
}
