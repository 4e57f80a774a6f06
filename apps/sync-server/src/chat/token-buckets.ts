export interface BucketSize {
  /** As many at once. */
  burst: number;
  /** And then so many each second. */
  perSecond: number;
}

const MAX_KEYS = 50_000;

/** Token buckets by key, in memory. However many keys are made up, no more than `MAX_KEYS` are remembered. */
export class TokenBuckets {
  readonly #size: BucketSize;
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>();

  constructor(size: BucketSize) {
    this.#size = size;
  }

  /** @returns 0 when it was taken, else the milliseconds until there is enough; then nothing was taken. */
  take(key: string, nowMs: number, cost = 1): number {
    const { burst, perSecond } = this.#size;
    const tokens = this.#level(key, nowMs);
    // Waiting as long as was asked for must suffice, whatever fractions round to.
    if (tokens + 1e-6 < cost) return Math.max(1, Math.ceil(((Math.min(cost, burst) - tokens) / perSecond) * 1_000));
    // Last used last: who is forgotten first was here least lately.
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: tokens - cost, atMs: nowMs });
    if (this.#buckets.size > MAX_KEYS) this.#forget(nowMs);
    return 0;
  }

  #level(key: string, nowMs: number): number {
    const known = this.#buckets.get(key);
    if (!known) return this.#size.burst;
    const gained = (Math.max(0, nowMs - known.atMs) / 1_000) * this.#size.perSecond;
    return Math.min(this.#size.burst, known.tokens + gained);
  }

  /** Full buckets say nothing; if all are in use, a tenth goes anyway: memory comes first. */
  #forget(nowMs: number): void {
    for (const key of this.#buckets.keys()) {
      if (this.#level(key, nowMs) >= this.#size.burst) this.#buckets.delete(key);
    }
    let surplus = this.#buckets.size - MAX_KEYS * 0.9;
    for (const key of this.#buckets.keys()) {
      if (surplus-- <= 0) return;
      this.#buckets.delete(key);
    }
  }
}
