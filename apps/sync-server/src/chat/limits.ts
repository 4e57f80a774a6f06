import { AppError } from '@tradewind/shared/protocol/errors';
import { toNetwork } from '../net/to-network.ts';
import { type BucketSize, TokenBuckets } from './token-buckets.ts';

/** What floods are made of. `event` is anything a widget says; the others come on top of it. */
export type ChatAction = 'connect' | 'event' | 'message' | 'profile' | 'upload-bytes';

const MEGABYTE = 1024 * 1024;
const HOUR_SECONDS = 3_600;

// A visitor is one person with a few tabs. After a time without network his widget sends what waited, faster than he types.
const PER_VISITOR: Readonly<Record<Exclude<ChatAction, 'connect'>, BucketSize>> = {
  event: { burst: 120, perSecond: 20 },
  message: { burst: 30, perSecond: 1 },
  profile: { burst: 10, perSecond: 0.2 },
  'upload-bytes': { burst: 100 * MEGABYTE, perSecond: (100 * MEGABYTE) / HOUR_SECONDS },
};
// An address may be an office, a school or a whole mobile network behind one router.
const PER_ADDRESS: Readonly<Record<ChatAction, BucketSize>> = {
  connect: { burst: 600, perSecond: 10 },
  event: { burst: 2_400, perSecond: 200 },
  message: { burst: 300, perSecond: 10 },
  profile: { burst: 100, perSecond: 2 },
  'upload-bytes': { burst: 500 * MEGABYTE, perSecond: (500 * MEGABYTE) / HOUR_SECONDS },
};

// Each costs some 20 KB for as long as it stays, and staying costs its visitor nothing.
const MAX_OPEN_PER_ADDRESS = 2_000;
const RETRY_FULL_MS = 60_000;

/** Limits on what visitors may do, per visitor and per address. In memory: each node counts for itself. */
export class ChatLimits {
  readonly #visitors = toBuckets(PER_VISITOR);
  readonly #addresses = toBuckets(PER_ADDRESS);
  /** Connections that are open now, by network; without those that have none. */
  readonly #open = new Map<string, number>();

  /**
   * The visitor comes first: one who is refused takes nothing from others at his address.
   *
   * @throws AppError `rate-limited` with the time to wait.
   */
  take(action: Exclude<ChatAction, 'connect'>, visitor: string, address: string, nowMs: number, cost = 1): void {
    assertNow(this.#visitors[action].take(visitor, nowMs, cost));
    assertNow(this.#addresses[action].take(toNetwork(address), nowMs, cost));
  }

  /** A new connection: who it is, is not known yet, and tokens cost nothing. @throws AppError `rate-limited`. */
  takeConnection(address: string, nowMs: number): void {
    const network = toNetwork(address);
    assertNow(this.#addresses.connect.take(network, nowMs));
    if ((this.#open.get(network) ?? 0) >= MAX_OPEN_PER_ADDRESS) assertNow(RETRY_FULL_MS);
  }

  /** A connection stands. @returns what to call once, when it has ended. */
  holdConnection(address: string): () => void {
    const network = toNetwork(address);
    this.#open.set(network, (this.#open.get(network) ?? 0) + 1);
    return () => {
      const left = (this.#open.get(network) ?? 1) - 1;
      if (left > 0) this.#open.set(network, left);
      else this.#open.delete(network);
    };
  }
}

function assertNow(waitMs: number): void {
  if (waitMs > 0) {
    throw new AppError('rate-limited', 'That was a lot at once. Try again in a moment.', { retryAfterMs: waitMs });
  }
}

function toBuckets<TAction extends string>(
  sizes: Readonly<Record<TAction, BucketSize>>,
): Record<TAction, TokenBuckets> {
  const entries = Object.entries<BucketSize>(sizes).map(([action, size]) => [action, new TokenBuckets(size)]);
  return Object.fromEntries(entries) as Record<TAction, TokenBuckets>;
}
