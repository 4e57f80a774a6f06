import type { FaultPlan, FaultSubject } from './faults.ts';
import type { Timers } from './timers.ts';

/** A signed webhook request, ready to be posted: once, many times, in parallel, or changed on the way. */
export interface SignedRequest {
  url: string;
  method: 'POST';
  headers: Record<string, string>;
  body: Buffer;
}

/** One webhook and what became of it. */
export interface Delivery {
  id: number;
  platform: 'mailgun' | 'shopify' | 'web-chat';
  topic: string;
  accountId: string;
  url: string;
  at: number;
  /** `failed`: answered badly, or not at all, and no retry is left. `dropped`: never posted, by a fault or by closing. */
  state: 'waiting' | 'done' | 'failed' | 'dropped';
  attempts: { at: number; durationMs: number; status: number | null; error: string | null }[];
}

export interface PostOptions extends Pick<Delivery, 'platform' | 'topic' | 'accountId'> {
  recipients?: readonly string[];
  /** Waits before the second, third, … attempt; empty means one attempt. */
  retryDelaysMs?: readonly number[];
  /** An answer that ends the retries without being a success. */
  isFinal?: (status: number) => boolean;
}

export interface Posting {
  delivery: Delivery;
  /** Resolves, never rejects, when the delivery is done, has failed for good, or was dropped. */
  finished: Promise<Delivery>;
}

const KEPT_DELIVERIES = 500;
const POST_TIMEOUT_MS = 30_000;

/** Posts webhooks as platforms do: with a log, retries, and the faults that were asked for. */
export class WebhookPoster {
  readonly deliveries: Delivery[] = [];
  #timers: Timers;
  #clock: () => number;
  #lastId = 0;
  #abort = new AbortController();
  #heldBack: (() => void)[] = [];
  #unfinished = new Set<Promise<Delivery>>();

  constructor(timers: Timers, clock: () => number) {
    this.#timers = timers;
    this.#clock = clock;
  }

  post(request: SignedRequest, faults: FaultPlan, options: PostOptions): Posting {
    const { platform, topic, accountId } = options;
    const delivery: Delivery = {
      id: ++this.#lastId,
      platform,
      topic,
      accountId,
      url: request.url,
      at: this.#clock(),
      state: 'waiting',
      attempts: [],
    };
    this.deliveries.push(delivery);
    if (this.deliveries.length > KEPT_DELIVERIES) this.deliveries.shift();
    const finished = this.#deliver(request, faults, options, delivery);
    this.#unfinished.add(finished);
    void finished.then(() => this.#unfinished.delete(finished));
    return { delivery, finished };
  }

  /** Resolves when every webhook, with its retries, has come to an end. */
  async idle(): Promise<void> {
    while (this.#unfinished.size > 0) await Promise.all(this.#unfinished);
  }

  close(): void {
    this.#abort.abort();
    this.#releaseHeldBack();
  }

  async #deliver(
    request: SignedRequest,
    faults: FaultPlan,
    options: PostOptions,
    delivery: Delivery,
  ): Promise<Delivery> {
    const subject: FaultSubject = { topic: options.topic, recipients: options.recipients ?? [] };
    if (faults.take(['drop'], subject)) {
      delivery.state = 'dropped';
      return delivery;
    }
    const delay = faults.take(['delay'], subject);
    if (delay) await this.#timers.sleep(delay.delayMs ?? 1_000);
    const reorder = faults.take(['reorder'], subject);
    if (reorder) await this.#waitForALaterOne(reorder.delayMs ?? 2_000);
    const copies = faults.take(['duplicate'], subject) ? 2 : 1;
    await Promise.all(Array.from({ length: copies }, () => this.#attemptUntilFinal(request, options, delivery)));
    return delivery;
  }

  async #waitForALaterOne(longestMs: number): Promise<void> {
    await Promise.race([new Promise<void>((resolve) => this.#heldBack.push(resolve)), this.#timers.sleep(longestMs)]);
  }

  #releaseHeldBack(): void {
    for (const release of this.#heldBack.splice(0)) release();
  }

  async #attemptUntilFinal(request: SignedRequest, options: PostOptions, delivery: Delivery): Promise<void> {
    for (const waitMs of [0, ...(options.retryDelaysMs ?? [])]) {
      if (waitMs > 0) await this.#timers.sleep(waitMs);
      if (this.#timers.closed) break;
      const status = await this.#attempt(request, delivery);
      this.#releaseHeldBack();
      if (status !== null && status >= 200 && status < 300) {
        delivery.state = 'done';
        return;
      }
      if (status !== null && options.isFinal?.(status)) break;
    }
    if (delivery.state === 'waiting') delivery.state = delivery.attempts.length > 0 ? 'failed' : 'dropped';
  }

  /** @returns the status of the answer, null when there was none. */
  async #attempt(request: SignedRequest, delivery: Delivery): Promise<number | null> {
    const at = this.#clock();
    const startedAt = performance.now();
    const finish = (status: number | null, error: string | null) => {
      delivery.attempts.push({ at, durationMs: Math.round(performance.now() - startedAt), status, error });
      return status;
    };
    try {
      const response = await fetch(request.url, {
        method: request.method,
        headers: request.headers,
        body: new Uint8Array(request.body),
        redirect: 'manual',
        signal: AbortSignal.any([this.#abort.signal, AbortSignal.timeout(POST_TIMEOUT_MS)]),
      });
      await response.arrayBuffer();
      return finish(response.status, null);
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      return finish(null, cause instanceof Error ? cause.message : String(cause));
    }
  }
}
