/** Bodies up to this size are events; larger ones are mails with files in them. */
const SMALL_BODY_BYTES = 256 * 1024;
const SMALL_TOTAL_BYTES = 128 * 1024 * 1024;
const LARGE_TOTAL_BYTES = 256 * 1024 * 1024;

/** A number of bytes that many share. */
class Pool {
  readonly #limit: number;
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  has(bytes: number): boolean {
    return this.#used + bytes <= this.#limit;
  }

  take(bytes: number): boolean {
    if (!this.has(bytes)) return false;
    this.#used += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#used -= bytes;
  }
}

/**
 * Limits the memory of all request bodies that are being read or stored at one moment. What has arrived counts, not what was
 * announced, so that nobody can hold it by promising. Small bodies have a share of their own: large ones that come slowly
 * never keep the others out.
 */
export class BodyBudget {
  readonly #small: Pool;
  readonly #large: Pool;

  constructor(smallTotalBytes = SMALL_TOTAL_BYTES, largeTotalBytes = LARGE_TOTAL_BYTES) {
    this.#small = new Pool(smallTotalBytes);
    this.#large = new Pool(largeTotalBytes);
  }

  /** For one body; `release` it when the body is held no more. */
  open(): BodyLease {
    return new BodyLease(this.#small, this.#large);
  }
}

export class BodyLease {
  readonly #small: Pool;
  readonly #large: Pool;
  #pool: Pool;
  #bytes = 0;

  constructor(small: Pool, large: Pool) {
    this.#small = small;
    this.#large = large;
    this.#pool = small;
  }

  /** Whether a body of this size would find room now. */
  fits(bytes: number): boolean {
    return (bytes > SMALL_BODY_BYTES ? this.#large : this.#small).has(bytes);
  }

  /** @returns false when there is no room: the body must be given up. */
  grow(bytes: number): boolean {
    if (this.#pool === this.#small && this.#bytes + bytes > SMALL_BODY_BYTES) {
      if (!this.#large.take(this.#bytes)) return false;
      this.#small.give(this.#bytes);
      this.#pool = this.#large;
    }
    if (!this.#pool.take(bytes)) return false;
    this.#bytes += bytes;
    return true;
  }

  release(): void {
    this.#pool.give(this.#bytes);
    this.#bytes = 0;
  }
}
