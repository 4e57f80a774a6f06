/** How late a live frame may be without anything being wrong with the clock. */
const MAX_FRAME_DELAY_MS = 5_000;

/**
 * The server's clock as this device knows it: every answer carries `serverTime`, and instants made here (a command's
 * `at`, a snooze) use it, so that a wrong local clock changes nothing.
 */
export class ServerClock {
  readonly #now: () => number;
  #offsetMs: number;

  /** @param offsetMs - what was known when this device last had contact. */
  constructor(now: () => number = Date.now, offsetMs = 0) {
    this.#now = now;
    this.#offsetMs = offsetMs;
  }

  get offsetMs(): number {
    return this.#offsetMs;
  }

  now(): number {
    return Math.round(this.#now() + this.#offsetMs);
  }

  /** @param roundTripMs - how long the answer took; half of it is taken as the way back. */
  observe(serverTime: number, roundTripMs: number): void {
    this.#offsetMs = serverTime + roundTripMs / 2 - this.#now();
  }

  /** A frame waits in queues for an unknown time, so it only counts where it contradicts what was measured before. */
  correct(serverTime: number): void {
    if (Math.abs(serverTime - this.now()) > MAX_FRAME_DELAY_MS) this.observe(serverTime, 0);
  }

  /** Takes over what another tab has measured. */
  adopt(offsetMs: number): void {
    this.#offsetMs = offsetMs;
  }
}
