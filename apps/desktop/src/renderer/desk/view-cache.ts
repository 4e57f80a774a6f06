import { Emitter } from './emitter.ts';

/** A set of documents somebody looks at, such as one thread. */
export interface View {
  close(): void;
}

interface Entry<TView> {
  view: TView;
  changed: Emitter;
  users: number;
  cancelClose: (() => void) | null;
}

/** How long a view nobody looks at is kept: going back to a conversation shows it at once. */
const LINGER_MS = 30_000;

/** Views by key, opened when first asked for and closed a while after the last user left. */
export class ViewCache<TView extends View> {
  readonly #entries = new Map<string, Entry<TView>>();
  #closed = false;
  readonly #open: (key: string, onChange: () => void) => TView;

  /** @param open - calls `onChange` after every change of the view. */
  constructor(open: (key: string, onChange: () => void) => TView) {
    this.#open = open;
  }

  /** The view, opened if need be; it stays for a while even if nobody subscribes. None after `closeAll`. */
  get(key: string): TView | undefined {
    return this.#entry(key)?.view;
  }

  /** The view if it is open. */
  peek(key: string): TView | undefined {
    return this.#entries.get(key)?.view;
  }

  subscribe(key: string, listener: () => void): () => void {
    const entry = this.#entry(key);
    if (!entry) return () => undefined;
    entry.users += 1;
    entry.cancelClose?.();
    entry.cancelClose = null;
    const unsubscribe = entry.changed.subscribe(listener);
    let subscribed = true;
    return () => {
      if (!subscribed) return;
      subscribed = false;
      unsubscribe();
      entry.users -= 1;
      if (entry.users === 0) this.#closeLater(key, entry);
    };
  }

  /** Tells the users of a view that what they see of it has changed for another reason than its documents. */
  touch(key: string): void {
    this.#entries.get(key)?.changed.emit();
  }

  closeAll(): void {
    this.#closed = true;
    for (const entry of this.#entries.values()) {
      entry.cancelClose?.();
      entry.view.close();
    }
    this.#entries.clear();
  }

  #entry(key: string): Entry<TView> | undefined {
    const known = this.#entries.get(key);
    if (known || this.#closed) return known;
    const changed = new Emitter();
    const entry: Entry<TView> = { view: this.#open(key, () => changed.emit()), changed, users: 0, cancelClose: null };
    this.#entries.set(key, entry);
    this.#closeLater(key, entry);
    return entry;
  }

  #closeLater(key: string, entry: Entry<TView>): void {
    const timer = setTimeout(() => {
      this.#entries.delete(key);
      entry.view.close();
    }, LINGER_MS);
    entry.cancelClose = () => clearTimeout(timer);
  }
}
