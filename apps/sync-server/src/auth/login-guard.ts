import type { Db } from '../db/database.ts';
import { toNetwork } from '../net/to-network.ts';
import { type Attempt, AttemptLimit } from './attempt-limit.ts';
import { KeyedLimiter } from './limiter.ts';
import type { ClientFacts } from './session.ts';

/** Stands before every check of a password or code of an agent, so that guesses at one are counted with those at the other. */
export class LoginGuard {
  readonly #limit: AttemptLimit;
  readonly #now: () => number;
  // One try at a time for a mail address: a hundred at once would all be looked at before the first is counted.
  readonly #oneByOne = new KeyedLimiter();
  // And for a client address: else one that tries a thousand mail addresses at once keeps everybody else waiting for hours.
  readonly #oneByAddress = new KeyedLimiter();

  constructor(db: Db, now: () => number) {
    this.#limit = new AttemptLimit(db);
    this.#now = now;
  }

  /**
   * Runs a try, of which there is one at a time for a mail address, and for a client address.
   *
   * @param email - lower-cased.
   * @throws AppError `rate-limited` while mail or client address is blocked.
   */
  run<T>(email: string, client: ClientFacts, task: () => Promise<T>): Promise<T> {
    const guarded = async () => {
      await this.#limit.assertAllowed(toAttempts(email, client), this.#now());
      return task();
    };
    return this.#oneByOne.run(email, () => this.#oneByAddress.run(toNetwork(client.address), guarded));
  }

  countFailure(email: string, client: ClientFacts): Promise<void> {
    return this.#limit.count(toAttempts(email, client), this.#now());
  }

  /** A log-in forgives the mail address; the client address keeps its count, or one's own log-in would reset it. */
  forgive(email: string): Promise<void> {
    return this.#limit.clear({ kind: 'email', value: email });
  }
}

function toAttempts(email: string, client: ClientFacts): Attempt[] {
  return [
    { kind: 'email', value: email },
    { kind: 'address', value: client.address },
  ];
}
