import type { Backoff } from './backoff.ts';
import { ITEMS_PER_PAGE, readWholePart } from './read-whole-part.ts';
import type { PartRequest, Replica } from './replica.ts';
import type { ServerClock } from './server-clock.ts';
import type { Schedule, SyncTransport, TransportFailure } from './transport.ts';
import { type VerifyReport, verifyReplica } from './verify-replica.ts';

/** Between pages of the history, so that live work on a small machine has room. */
const PAUSE_MS = 100;
const VERIFY_EVERY_MS = 86_400_000;

export interface BackgroundReaderOptions {
  replica: Replica;
  transport: Pick<SyncTransport, 'snapshot' | 'digest'>;
  clock: ServerClock;
  backoff: Backoff;
  schedule: Schedule;
  /** The server said something that concerns the whole connection: what is to be read stays as it is until then. */
  onRefused(failure: TransportFailure): void;
}

/** What one step came to: nothing to do, one thing done, or why not. */
type Step = 'idle' | 'done' | TransportFailure;

/**
 * Fetches, while the replica is at the head of the log, what is not needed at once: conversations of which messages are
 * missing (those that are looked at first), what scopes that were gained give, the history; and, when nothing is left,
 * compares the copy with the server's once a day. Each step is durable, so that any of them may be the last.
 */
export class BackgroundReader {
  readonly #options: BackgroundReaderOptions;
  #wanted: string[] = [];
  /** Null while there is no contact. */
  #abort: AbortController | null = null;
  #reading: Promise<void> | null = null;
  /** Woken while it was ending what an earlier contact had begun, or just before it found nothing more to do. */
  #again = false;
  #cancelPause: (() => void) | null = null;

  constructor(options: BackgroundReaderOptions) {
    this.#options = options;
  }

  /** At the head of the log: goes on where it stopped. */
  start(): void {
    this.#abort ??= new AbortController();
    this.wake();
  }

  stop(): void {
    this.#abort?.abort();
    this.#abort = null;
    this.#cancelPause?.();
    this.#cancelPause = null;
  }

  /** Something may have come to be done. */
  wake(): void {
    if (!this.#abort || this.#cancelPause) return;
    if (this.#reading) {
      this.#again = true;
      return;
    }
    this.#reading = this.#read(this.#abort.signal).finally(() => {
      this.#reading = null;
      if (!this.#again) return;
      this.#again = false;
      this.wake();
    });
  }

  /** Somebody looks at this conversation: if messages of it are missing, they come first. */
  want(conversationId: string): void {
    this.#wanted = [conversationId, ...this.#wanted.filter((id) => id !== conversationId)].slice(0, 20);
    if (!(conversationId in this.#options.replica.position.partial)) return;
    this.#cancelPause?.();
    this.#cancelPause = null;
    this.wake();
  }

  /** Compares now, whenever that was done last. Null without contact, or while parts of the copy are still to come. */
  async verify(): Promise<VerifyReport | null> {
    const { parts, partial, waiting } = this.#options.replica.position;
    const isComplete = parts.length + Object.keys(partial).length + Object.keys(waiting).length === 0;
    if (!this.#abort || !isComplete) return null;
    const result = await this.#compare(this.#abort.signal);
    return result.ok ? result.report : null;
  }

  /** Resolves when nothing is being written any more. */
  async close(): Promise<void> {
    this.stop();
    await this.#reading;
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { backoff, onRefused } = this.#options;
    while (!signal.aborted && !this.#cancelPause) {
      try {
        const step = await this.#readNext(signal);
        if (signal.aborted || step === 'idle') return;
        if (step === 'done') backoff.reset();
        else if (isOfConnection(step)) return onRefused(step);
        else this.#pause(backoff.next());
      } catch (error) {
        if (signal.aborted) return;
        console.error('a part of the copy could not be written', error);
        this.#pause(backoff.next());
      }
    }
  }

  async #readNext(signal: AbortSignal): Promise<Step> {
    const { replica, clock } = this.#options;
    const { partial, waiting, verifiedAt } = replica.position;
    const [anyPartial] = Object.keys(partial);
    const conversationId = this.#wanted.find((id) => id in partial) ?? anyPartial;
    if (conversationId !== undefined) return this.#readConversation(conversationId, signal);
    const part = replica.nextPart('later');
    if (part) return this.#readPage(part, signal);
    if (Object.keys(waiting).length > 0) {
      await replica.settleAtHead();
      return 'done';
    }
    if (verifiedAt !== null && clock.now() - verifiedAt < VERIFY_EVERY_MS) return 'idle';
    return this.#verifyDaily(signal);
  }

  async #readConversation(id: string, signal: AbortSignal): Promise<Step> {
    const { replica, transport } = this.#options;
    const { partial, epoch, accessVersion } = replica.position;
    const asked: PartRequest = { part: `conversation:${id}`, cursor: null, epoch, accessVersion };
    const answer = await readWholePart(transport, asked, signal);
    if (signal.aborted) return 'idle';
    const isGone = !answer.ok && answer.failure.kind === 'not-found';
    if (!answer.ok && !isGone) return answer.failure;
    await replica.applyConversation(id, partial[id] ?? 0, asked, answer.ok ? answer.value : null);
    return 'done';
  }

  async #readPage(asked: PartRequest, signal: AbortSignal): Promise<Step> {
    const { replica, transport } = this.#options;
    const answer = await transport.snapshot({ ...asked, limit: ITEMS_PER_PAGE }, signal);
    if (signal.aborted) return 'idle';
    if (answer.ok) {
      await replica.applyPart(asked, answer.value);
      if (answer.value.nextCursor !== null) this.#pause(PAUSE_MS);
      return 'done';
    }
    const { kind } = answer.failure;
    if (kind === 'not-found') await replica.skipPart(asked.part);
    else if (kind === 'refused' && asked.cursor !== null) await replica.restartPart(asked.part);
    else return answer.failure;
    return 'done';
  }

  async #verifyDaily(signal: AbortSignal): Promise<Step> {
    const { replica, clock } = this.#options;
    const result = await this.#compare(signal);
    if (result.ok) return 'done';
    if (result.failure.kind !== 'not-found') return result.failure;
    await replica.noteVerified(clock.now()); // a server that has no digests is asked again tomorrow
    return 'done';
  }

  async #compare(signal: AbortSignal) {
    const { replica, transport, clock } = this.#options;
    const result = await verifyReplica(replica, transport, signal);
    if (!result.ok) return result;
    tellRepairs(result.report);
    await replica.noteVerified(clock.now());
    return result;
  }

  #pause(delayMs: number): void {
    if (!this.#abort) return;
    this.#cancelPause?.();
    this.#cancelPause = this.#options.schedule(delayMs, () => {
      this.#cancelPause = null;
      this.wake();
    });
  }
}

/** Such an answer every request would get now. */
function isOfConnection({ kind }: TransportFailure): boolean {
  return kind === 'unauthenticated' || kind === 'outdated' || kind === 'resync' || kind === 'access-changed';
}

/** What should never happen is told where somebody who looks for it will see it; no text of any document is in it. */
function tellRepairs(report: VerifyReport): void {
  if (report.repaired.length > 0)
    console.warn('the copy on this device differed from the server and was repaired', report);
}
