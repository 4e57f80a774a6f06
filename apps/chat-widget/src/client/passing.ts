/** Something that is so for a while, such as "Mei is typing". */
export interface Passing<T> {
  readonly value: T | null;
  /** @param forMs - when it ends by itself. */
  set(value: T | null, forMs?: number): void;
  /** Becomes so after a while, unless something else is set before. */
  setLater(value: T, afterMs: number): void;
}

export function createPassing<T>(onChange: () => void): Passing<T> {
  let current: T | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function set(value: T | null, forMs?: number): void {
    clearTimeout(timer);
    if (forMs !== undefined) timer = setTimeout(() => set(null), forMs);
    if (current === value) return;
    current = value;
    onChange();
  }

  return {
    get value() {
      return current;
    },
    set,
    setLater(value, afterMs) {
      clearTimeout(timer);
      timer = setTimeout(() => set(value), afterMs);
    },
  };
}
