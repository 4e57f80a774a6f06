/** Timers that never keep the process alive and all end together. */
export class Timers {
  #pending = new Map<NodeJS.Timeout, () => void>();
  #closed = false;

  get closed(): boolean {
    return this.#closed;
  }

  /** @returns true after the time has passed, false at once when the timers were closed. */
  sleep(durationMs: number): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#pending.delete(timer);
        resolve(true);
      }, durationMs);
      timer.unref();
      this.#pending.set(timer, () => resolve(false));
    });
  }

  close(): void {
    this.#closed = true;
    for (const [timer, abandon] of this.#pending) {
      clearTimeout(timer);
      abandon();
    }
    this.#pending.clear();
  }
}
