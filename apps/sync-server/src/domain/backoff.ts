const BASE_MS = 2_000;
const LONGEST_MS = 10 * 60_000;

/**
 * How long to wait before the next attempt: doubling from 2 s to 10 min, with full jitter over the upper half, so that
 * many messages stopped by one outage do not all come back at once.
 *
 * @param attempts - attempts made so far, at least 1.
 * @param retryAfterMs - what the platform asked for; never shortened.
 */
export function backoffMs(attempts: number, random: () => number, retryAfterMs = 0): number {
  const ceiling = Math.min(LONGEST_MS, BASE_MS * 2 ** Math.min(attempts - 1, 20));
  return Math.max(retryAfterMs, Math.round(ceiling * (0.5 + random() / 2)));
}

/** After this many attempts (about half an hour) a message is failed and the agent decides. */
export const MAX_SEND_ATTEMPTS = 12;
