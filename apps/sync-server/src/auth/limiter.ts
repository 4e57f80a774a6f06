/** Runs at most `limit` tasks at a time; the others wait in order of arrival. */
export class Limiter {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running < this.#limit) this.#running++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve)); // the finisher hands its place over
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }

  get isIdle(): boolean {
    return this.#running === 0;
  }
}

/** One task at a time for each key; different keys do not wait for each other. */
export class KeyedLimiter {
  readonly #limiters = new Map<string, Limiter>();

  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const limiter = this.#limiters.get(key) ?? new Limiter(1);
    this.#limiters.set(key, limiter);
    try {
      return await limiter.run(task);
    } finally {
      if (limiter.isIdle) this.#limiters.delete(key);
    }
  }
}
