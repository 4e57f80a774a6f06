import type { Timers } from './outgoing/timers.ts';
import type { WebhookPoster } from './outgoing/webhook-poster.ts';

/** What every simulator of one lab shares. */
export interface LabContext {
  /** Epoch milliseconds. */
  clock: () => number;
  /** A number in [0, 1). */
  random: () => number;
  timers: Timers;
  poster: WebhookPoster;
  /** The lab's own address, without a slash at the end; known once it listens. */
  url: () => string;
}

/** A wish that cannot be met: an unknown account, a refund of more than there is. Its sentence is for the person who asked. */
export class LabError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LabError';
  }
}
