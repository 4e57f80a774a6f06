const WINDOW_MS = 5 * 60_000;
const MAX_RELOADS = 3;

/** Decides whether a page that died is loaded again: one that dies again and again would only flicker. */
export class CrashLimit {
  #reloadedAt: number[] = [];

  /** @returns whether to reload now; a yes counts. */
  allows(nowMs: number): boolean {
    this.#reloadedAt = this.#reloadedAt.filter((at) => nowMs - at < WINDOW_MS);
    if (this.#reloadedAt.length >= MAX_RELOADS) return false;
    this.#reloadedAt.push(nowMs);
    return true;
  }

  reset(): void {
    this.#reloadedAt = [];
  }
}
