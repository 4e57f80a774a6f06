/** What the widget keeps in this browser for one chat of one desk; every tab of the site sees the same. */
export interface Store {
  /** False once the browser refused to keep something: then it lives as long as this page. */
  readonly durable: boolean;
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  /** Keys that begin so, in no order. */
  keys(prefix: string): string[];
  /** Calls back with the key another tab changed. */
  subscribe(listener: (key: string) => void): void;
}

interface Storages {
  /** Throws, or gives null, where the browser keeps nothing. */
  open: () => Storage | null;
  onChange: (listener: (event: Pick<StorageEvent, 'key' | 'storageArea'>) => void) => void;
}

const REMOVED = Symbol('removed');

/**
 * @param prefix - names the desk and the chat, so that two chats on one site do not meet.
 */
export function createStore(prefix: string, storages: Storages): Store {
  const storage = openStorage(storages.open);
  // What the browser would not keep, or would not let go; it hides what is stored.
  const overlay = new Map<string, string | typeof REMOVED>();
  let durable = storage !== null;

  function attempt(key: string, value: string | typeof REMOVED, change: (storage: Storage) => void): void {
    try {
      if (storage === null) throw new Error('no storage');
      change(storage);
      overlay.delete(key);
    } catch {
      durable = false;
      overlay.set(key, value);
    }
  }

  return {
    get durable() {
      return durable;
    },
    get(key) {
      const kept = overlay.get(key);
      if (kept !== undefined) return kept === REMOVED ? null : kept;
      return read(storage, prefix + key);
    },
    set: (key, value) => attempt(key, value, (target) => target.setItem(prefix + key, value)),
    remove: (key) => attempt(key, REMOVED, (target) => target.removeItem(prefix + key)),
    keys(start) {
      const stored = storage === null ? [] : Object.keys(storage).filter((key) => key.startsWith(prefix + start));
      const names = new Set(stored.map((key) => key.slice(prefix.length)));
      for (const [key, value] of overlay) {
        if (value === REMOVED) names.delete(key);
        else if (key.startsWith(start)) names.add(key);
      }
      return [...names];
    },
    subscribe(listener) {
      storages.onChange(({ key, storageArea }) => {
        if (storageArea === storage && key?.startsWith(prefix)) listener(key.slice(prefix.length));
      });
    },
  };
}

function openStorage(open: Storages['open']): Storage | null {
  try {
    return open();
  } catch {
    return null; // the visitor blocks what sites keep
  }
}

function read(storage: Storage | null, key: string): string | null {
  try {
    return storage?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

/** The part of a store below `prefix`. */
export function narrowStore(store: Store, prefix: string): Store {
  return {
    get durable() {
      return store.durable;
    },
    get: (key) => store.get(prefix + key),
    set: (key, value) => store.set(prefix + key, value),
    remove: (key) => store.remove(prefix + key),
    keys: (start) => store.keys(prefix + start).map((key) => key.slice(prefix.length)),
    subscribe: (listener) =>
      store.subscribe((key) => {
        if (key.startsWith(prefix)) listener(key.slice(prefix.length));
      }),
  };
}

/** What was stored as JSON; null when there is none or it cannot be read. Its shape is ours unless the page tampers with it. */
export function readJson<T>(store: Store, key: string): T | null {
  try {
    return JSON.parse(store.get(key) ?? 'null') as T | null;
  } catch {
    return null;
  }
}
