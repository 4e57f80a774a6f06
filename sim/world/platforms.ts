import type { HttpRequest, HttpResponse } from '../../apps/sync-server/src/net/http-request.ts';
import type { SimProcess } from './sim-process.ts';
import type { World } from './world.ts';

/** How a platform, and the way to it, treats one request. */
export type PlatformMood = 'good' | 'busy' | 'no-way' | 'broken-gateway' | 'cut-after' | 'silent' | 'refuses';

/** A mail that left us for good: the platform took it. */
export interface SentMail {
  externalId: string;
  text: string;
  to: string;
  atMs: number;
}

type ToError = (cause: unknown, maybeSent: boolean) => Error;

/** The platforms outside: they take what is sent to them, and keep what they took. */
export class Platforms {
  readonly #world: World;
  /** In the order in which they were taken. */
  readonly sent: SentMail[] = [];
  /** Requests that arrived, taken or not. */
  attempts = 0;
  mood: () => PlatformMood = () => 'good';
  /** Orders of the shop by id, as its API would tell them. */
  readonly orders = new Map<string, () => unknown>();
  /** Asked when a mail has arrived, before and after the platform takes it; may end the node. */
  onArrival: ((owner: SimProcess, when: 'before' | 'after') => void) | null = null;

  constructor(world: World) {
    this.#world = world;
  }

  take(owner: SimProcess, request: HttpRequest, toError: ToError): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      const abort = () => this.#later(owner, () => reject(toError(request.signal.reason, true)));
      request.signal.addEventListener('abort', abort, { once: true });
      this.#later(null, () => {
        const isSend = request.method === 'POST';
        const mood = isSend ? this.mood() : 'good';
        if (mood === 'no-way')
          return this.#later(owner, () => reject(toError(new Error('connect ECONNREFUSED'), false)));
        if (isSend) this.onArrival?.(owner, 'before');
        if (isSend && !owner.alive && owner.random() < 0.5) return; // the bytes were still in its own buffers
        const response = isSend ? this.#takeMail(request, mood) : this.#tellOrder(request);
        if (isSend) this.onArrival?.(owner, 'after');
        if (mood === 'silent') return;
        if (mood === 'cut-after') return this.#later(owner, () => reject(toError(new Error('read ECONNRESET'), true)));
        this.#later(owner, () => resolve(response));
      });
    });
  }

  #takeMail(request: HttpRequest, mood: PlatformMood): HttpResponse {
    this.attempts += 1;
    if (mood === 'busy') return toResponse(503, { message: 'try again later' });
    if (mood === 'refuses') return toResponse(400, { message: 'no such recipient' });
    const form = new URLSearchParams(request.body?.toString('utf8') ?? '');
    const externalId = form.get('h:Message-Id') ?? '';
    const mail = { externalId, text: form.get('text') ?? '', to: form.get('to') ?? '', atMs: this.#world.clock.nowMs };
    this.sent.push(mail);
    return mood === 'broken-gateway' ? toResponse(502, null) : toResponse(200, { id: externalId, message: 'Queued.' });
  }

  #tellOrder(request: HttpRequest): HttpResponse {
    const id = /\/orders\/(\d+)\.json$/.exec(request.url.pathname)?.[1] ?? '';
    const order = this.orders.get(id)?.();
    return order === undefined ? toResponse(404, {}) : toResponse(200, { order });
  }

  #later(owner: SimProcess | null, run: () => void): void {
    this.#world.scheduler.add({ owner, kind: 'platform', label: 'platform', run });
  }
}

function toResponse(status: number, body: unknown): HttpResponse {
  return { status, headers: {}, body: Buffer.from(body === null ? '<html>' : JSON.stringify(body)), complete: true };
}
