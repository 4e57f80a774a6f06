/**
 * Waiting times between attempts: doubling from `firstMs` to `longestMs`, each between half and the whole of it, so
 * that consoles which lost the server together do not come back together.
 */
export class Backoff {
  #attempt = 0;
  readonly #random: () => number;
  readonly #firstMs: number;
  readonly #longestMs: number;

  constructor(random: () => number, firstMs = 1_000, longestMs = 30_000) {
    this.#random = random;
    this.#firstMs = firstMs;
    this.#longestMs = longestMs;
  }

  next(): number {
    const wholeMs = Math.min(this.#longestMs, this.#firstMs * 2 ** Math.min(this.#attempt, 16));
    this.#attempt += 1;
    return wholeMs * (0.5 + this.#random() / 2);
  }

  reset(): void {
    this.#attempt = 0;
  }
}
