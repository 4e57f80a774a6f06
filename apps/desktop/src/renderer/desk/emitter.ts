/** Listeners of one thing that changes. */
export class Emitter {
  readonly #listeners = new Set<() => void>();

  /** Bound, so that React may hold it as a `subscribe` function. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  emit(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
