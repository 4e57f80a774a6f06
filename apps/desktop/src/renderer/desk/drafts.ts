import type { RxCollection } from 'rxdb';
import { z } from 'zod';
import type { StoredDraft } from '../db/documents.ts';
import { LiveSet } from '../db/live-set.ts';
import { Emitter } from './emitter.ts';
import type { ComposerMode } from './types.ts';

const WRITE_AFTER_MS = 250;

/** Where texts go that the store could not take before the page went away; synchronous, unlike IndexedDB. */
export interface LastResort {
  read(): string | null;
  write(text: string | null): void;
}

const leftBehindSchema = z.array(z.object({ id: z.string(), text: z.string(), updatedAt: z.number() }));

export function toDraftId(conversationId: string, mode: ComposerMode): string {
  return `${conversationId}:${mode}`;
}

/**
 * What agents have begun to write. Memory answers at once; the store follows at most 250 ms behind. What it has not taken
 * yet lies in the last resort with every letter, and is taken up at the next start: a page may die without a word.
 */
export class Drafts {
  readonly changed = new Emitter();
  readonly loaded: Promise<void>;
  readonly #collection: RxCollection<StoredDraft>;
  readonly #set: LiveSet<StoredDraft>;
  readonly #lastResort: LastResort;
  readonly #now: () => number;
  /** Typed here and not in the store yet. */
  readonly #unsaved = new Map<string, StoredDraft>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(collection: RxCollection<StoredDraft>, lastResort: LastResort, now: () => number) {
    this.#collection = collection;
    this.#lastResort = lastResort;
    this.#now = now;
    this.#set = new LiveSet({
      collection,
      selectors: [{}],
      matches: () => true,
      onChange: () => this.changed.emit(),
    });
    this.loaded = this.#load();
  }

  get(id: string): string {
    return this.find(id)?.text ?? '';
  }

  /** Every draft there is, also empty ones that other devices may still hold. */
  all(): Iterable<StoredDraft> {
    return new Map([...this.#set.docs, ...this.#unsaved]).values();
  }

  find(id: string): StoredDraft | undefined {
    const unsaved = this.#unsaved.get(id);
    return unsaved ? { ...this.#knownOf(id), ...unsaved } : this.#set.docs.get(id);
  }

  /** Keeps what this device knows of the agent's others; their text only where nothing is being typed over it. */
  async note(id: string, change: Partial<Pick<StoredDraft, 'text' | 'synced' | 'sent'>>): Promise<void> {
    if (change.text !== undefined && this.#unsaved.has(id)) return;
    const stored = await this.#collection.findOne(id).exec();
    const draft = stored?.toMutableJSON() ?? { id, text: '', updatedAt: this.#now() };
    await this.#collection.incrementalUpsert({ ...draft, ...change });
  }

  #knownOf(id: string): Pick<StoredDraft, 'synced' | 'sent'> {
    const { synced, sent } = this.#set.docs.get(id) ?? {};
    return { ...(synced ? { synced } : {}), ...(sent === undefined ? {} : { sent }) };
  }

  set(id: string, text: string): void {
    if (text === this.get(id)) return;
    this.#unsaved.set(id, { id, text, updatedAt: this.#now() });
    this.#timer ??= setTimeout(() => this.#saveQuietly(), WRITE_AFTER_MS);
    this.#keepUnsaved();
    this.changed.emit();
  }

  /** Writes what the store does not have yet. A failed write leaves it unsaved, to be tried with the next one. */
  async save(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const drafts = [...this.#unsaved.values()];
    if (drafts.length === 0) return;
    await this.#collection.bulkUpsert(drafts.map((draft) => ({ ...this.#knownOf(draft.id), ...draft })));
    for (const draft of drafts) {
      if (this.#unsaved.get(draft.id) === draft) this.#unsaved.delete(draft.id);
    }
    this.#keepUnsaved();
  }

  /** The page may go away now (`pagehide`, hidden): the store is given what it lacks while there may be time. */
  keepSafe(): void {
    this.#saveQuietly();
  }

  async close(): Promise<void> {
    await this.save();
    this.#set.close();
  }

  /** What a failing store did not take stays unsaved and is tried again with the next letter. */
  #saveQuietly(): void {
    this.save().catch(() => undefined);
  }

  #keepUnsaved(): void {
    const drafts = [...this.#unsaved.values()];
    try {
      this.#lastResort.write(drafts.length === 0 ? null : JSON.stringify(drafts));
    } catch {
      // Full, or switched off: the store follows, as it would without a last resort.
    }
  }

  async #load(): Promise<void> {
    await this.#set.loaded;
    const left = this.#lastResort.read();
    if (left === null) return;
    for (const draft of parseLeftBehind(left)) {
      const stored = this.#set.docs.get(draft.id);
      if (!stored || stored.updatedAt < draft.updatedAt) this.#unsaved.set(draft.id, draft);
    }
    this.changed.emit();
    await this.save();
    this.#lastResort.write(null);
  }
}

function parseLeftBehind(text: string): StoredDraft[] {
  try {
    return leftBehindSchema.safeParse(JSON.parse(text)).data ?? [];
  } catch {
    return []; // half-written by a browser that was killed: the store has all but the last words
  }
}
