import type { ChatAccepted } from '@tradewind/shared/chat/wire';
import { type Problem, ProblemError } from './connection.ts';
import type { FailedReason, Outbox, Waiting } from './outbox.ts';

interface Options {
  outbox: () => Outbox;
  request: (event: string, body: object) => Promise<ChatAccepted>;
  isOnline: () => boolean;
  /** Runs one at a time over all tabs of the site. */
  exclusively: (work: () => Promise<void>) => Promise<void>;
  onAccepted: (entry: Waiting, accepted: ChatAccepted) => void;
  onRefused: (entry: Waiting, problem: Problem) => void;
  /** The desk wants a pause of so many milliseconds. */
  onPause: (delayMs: number) => void;
}

const PAUSE_MS = 5_000;

/**
 * Sends what waits, in order. An entry leaves the outbox only when the desk has it, so the same one may go out twice,
 * under the same id (R2).
 *
 * @returns what to call whenever something may be sent.
 */
export function createSender(options: Options): () => void {
  let running = false;
  let again = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function run(): Promise<void> {
    running = true;
    try {
      do {
        again = false;
        await options.exclusively(sendAll);
      } while (again);
    } finally {
      running = false;
    }
  }

  async function sendAll(): Promise<void> {
    // Read anew for each entry: another tab may have sent it, or the visitor taken it back.
    for (let next = findNext(); next !== undefined && options.isOnline(); next = findNext()) {
      if (!(await send(next))) return;
    }
  }

  const findNext = () =>
    options
      .outbox()
      .all()
      .find((entry) => entry.failed === null);

  async function send(entry: Waiting): Promise<boolean> {
    const outbox = options.outbox();
    try {
      const accepted = await options.request(...toRequest(entry));
      outbox.remove(entry.id);
      options.onAccepted(entry, accepted);
      return true;
    } catch (error) {
      const problem = error instanceof ProblemError ? error.problem : null;
      if (problem !== null && !isPassing(problem, entry)) {
        outbox.setFailed(entry.id, toReason(problem));
        options.onRefused(entry, problem);
        return true;
      }
      const delayMs = problem?.retryAfterMs ?? PAUSE_MS;
      clearTimeout(timer);
      timer = setTimeout(flush, delayMs);
      if (problem?.retryAfterMs !== undefined) options.onPause(delayMs);
      return false;
    }
  }

  function flush(): void {
    if (!options.isOnline() || findNext() === undefined) return;
    if (running) again = true;
    else run();
  }

  return flush;
}

function toRequest(entry: Waiting): [event: string, body: object] {
  switch (entry.kind) {
    case 'message': {
      const attachmentIds = entry.attachments.map((attachment) => attachment.id);
      return ['message', { id: entry.id, text: entry.text, attachmentIds }];
    }
    case 'profile':
      return ['profile', { name: entry.name, email: entry.email }];
    case 'rating':
      return ['rate', { conversationId: entry.conversationId, score: entry.score, comment: entry.comment }];
  }
}

/** Faults of the desk and floods pass; what it finds wrong with the entry itself does not. */
function isPassing({ type, retryAfterMs }: Problem, { kind }: Waiting): boolean {
  if (retryAfterMs !== undefined || /:(?:internal|unavailable)$/.test(type)) return true;
  // The visitor is somebody else since he signed in in another tab; the next connection knows. A rating was given before.
  return kind !== 'rating' && type.endsWith(':conflict');
}

function toReason({ errors = [] }: Problem): FailedReason {
  if (errors.some(({ path }) => path.startsWith('attachmentIds'))) return 'files';
  return errors.some(({ path }) => path === 'text') ? 'length' : 'refused';
}

/**
 * One tab sends at a time where the browser can say so. A tab that sleeps while it holds the lock must not stop the
 * others for ever: then two send the same, which does no harm.
 */
export function createExclusion(name: string): (work: () => Promise<void>) => Promise<void> {
  return async (work) => {
    if (!navigator.locks) return work();
    let started = false;
    const start = () => {
      started = true;
      return work();
    };
    try {
      await navigator.locks.request(name, { signal: AbortSignal.timeout(15_000) }, start);
    } catch (error) {
      if (started) throw error;
      await work();
    }
  };
}
