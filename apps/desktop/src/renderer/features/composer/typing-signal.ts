/** Said again while one goes on: the other side forgets it by itself (`desk/whereabouts.ts`, and the widget likewise). */
const REPEAT_MS = 3_000;
/** Whoever has not touched a key for this long is thinking, or gone. */
const PAUSE_MS = 5_000;

interface TypingSignalOptions {
  say(typing: boolean): void;
  now(): number;
  /** Returns a function that cancels. */
  schedule(delayMs: number, run: () => void): () => void;
}

/** Turns key strokes into few words for the other side: "writes" at most every three seconds, and "stopped" once. */
export class TypingSignal {
  #saidAt: number | null = null;
  #cancelPause: (() => void) | null = null;
  readonly #options: TypingSignalOptions;

  constructor(options: TypingSignalOptions) {
    this.#options = options;
  }

  /** The text changed under somebody's hands. */
  touch(): void {
    const { now, schedule, say } = this.#options;
    if (this.#saidAt === null || now() - this.#saidAt >= REPEAT_MS) {
      this.#saidAt = now();
      say(true);
    }
    this.#cancelPause?.();
    this.#cancelPause = schedule(PAUSE_MS, () => this.stop());
  }

  /** Sent, emptied, left, or silent for a while. */
  stop(): void {
    this.#cancelPause?.();
    this.#cancelPause = null;
    if (this.#saidAt === null) return;
    this.#saidAt = null;
    this.#options.say(false);
  }
}
