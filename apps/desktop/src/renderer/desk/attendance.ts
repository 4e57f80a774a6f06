import type { LiveAttention } from '@tradewind/shared/protocol/live';
import type { Schedule } from '../replication/transport.ts';

/** Said again this often while it goes on: whoever is silent for 30 s is taken to be gone (docs/protocol.md, P70). */
const REPEAT_MS = 12_000;
/** Whoever has not touched a key for this long is looking, not writing. */
const PAUSE_MS = 6_000;

/** What this window's agent does in the conversation before him, for his colleagues. */
export class Attendance {
  readonly #say: (word: LiveAttention) => void;
  readonly #schedule: Schedule;
  #conversationId: string | null = null;
  #isWriting = false;
  #cancelRepeat: (() => void) | null = null;
  #cancelPause: (() => void) | null = null;

  constructor(say: (word: LiveAttention) => void, schedule: Schedule) {
    this.#say = say;
    this.#schedule = schedule;
  }

  /** The agent has this conversation before him; null: none, or a window that nobody sees. */
  look(conversationId: string | null): void {
    if (conversationId === this.#conversationId) return;
    if (this.#conversationId !== null) this.#say({ conversationId: this.#conversationId, state: 'gone' });
    this.#stopWriting();
    this.#conversationId = conversationId;
    this.repeat();
  }

  /** The text of a reply or note changed under his hands. */
  write(conversationId: string): void {
    if (conversationId !== this.#conversationId) return;
    const isNew = !this.#isWriting;
    this.#isWriting = true;
    this.#cancelPause?.();
    this.#cancelPause = this.#schedule(PAUSE_MS, () => this.rest());
    if (isNew) this.repeat();
  }

  /** Sent, emptied, or silent for a while. */
  rest(): void {
    if (!this.#isWriting) return;
    this.#stopWriting();
    this.repeat();
  }

  /** Says how it stands now, and again while it stays so. */
  repeat(): void {
    this.#cancelRepeat?.();
    this.#cancelRepeat = null;
    if (this.#conversationId === null) return;
    this.#say({ conversationId: this.#conversationId, state: this.#isWriting ? 'typing' : 'viewing' });
    this.#cancelRepeat = this.#schedule(REPEAT_MS, () => this.repeat());
  }

  #stopWriting(): void {
    this.#isWriting = false;
    this.#cancelPause?.();
    this.#cancelPause = null;
  }
}
