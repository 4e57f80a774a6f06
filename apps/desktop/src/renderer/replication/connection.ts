import type { LivePresent, LiveTyping } from '@tradewind/shared/protocol/live';
import { type ChangesFrame, MAX_CHANGES_PER_PAGE, type SnapshotPage } from '@tradewind/shared/protocol/sync';
import type { Backoff } from './backoff.ts';
import type { ConnectionState } from './connection-state.ts';
import type { PartRequest, Replica } from './replica.ts';
import type { ServerClock } from './server-clock.ts';
import type {
  LiveChannel,
  LiveWord,
  Presences,
  Resync,
  Schedule,
  SyncTransport,
  TransportFailure,
  TransportResult,
} from './transport.ts';

/** A socket that has not opened by then counts as failed: some networks swallow the handshake. */
const OPEN_TIMEOUT_MS = 20_000;
/** Frames kept while pages are pulled; beyond that one more pull at the end is cheaper than their memory. */
const MAX_KEPT_FRAMES = 100;

export interface ConnectionOptions {
  replica: Replica;
  transport: Pick<SyncTransport, 'pull' | 'snapshot' | 'openLive'>;
  clock: ServerClock;
  backoff: Backoff;
  schedule: Schedule;
  now(): number;
  onState(state: ConnectionState): void;
  /** Said on every new channel: the server forgot it with the old one. */
  greeting(): LiveWord;
  /** Null when the connection is lost: then nobody can tell. */
  onPresence(agents: Presences | null): void;
  onTyping(news: LiveTyping): void;
  onPresent(news: LivePresent): void;
  /** The copy is about to begin anew: last moment to see what it says of the past. */
  onResync(resync: Resync): Promise<void>;
  /** At the head after a pull or a reconnection: a good moment to send what waits. */
  onOnline(): void;
}

/**
 * Keeps the replica at the head of the change log: subscribe first, then pull until up to date, then live frames, each
 * of which must begin where the last one ended (R7). A gap, a doubt or a lost connection ends in a pull, never in a
 * guess.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  #state: ConnectionState = { kind: 'starting' };
  #live: LiveChannel | null = null;
  /** Counts attempts; what an earlier one still had under way is ignored. */
  #attempt = 0;
  #abort = new AbortController();
  #cancelTimer: (() => void) | null = null;
  /** Frames that came while pages were being pulled; most of them are in the pages already. */
  #frames: ChangesFrame[] = [];
  #working = false;
  #mustPull = false;
  /** Why the copy is no good as it is, until that has been dealt with. */
  #outOfStep: OutOfStep | null = null;
  #offlineSince: number | null = null;
  #closed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Connects, or tries again at once whatever wait is under way. Also how a locked console begins anew. */
  connect(): void {
    if (this.#closed) return;
    this.#disconnect();
    const attempt = this.#attempt;
    // While offline the screen keeps saying so until the server has answered.
    if (this.#state.kind !== 'offline') this.#setState({ kind: 'syncing', received: 0 });
    const { checkpoint, accessVersion } = this.#options.replica.position;
    const ifCurrent = (handle: () => void) => {
      if (attempt === this.#attempt) handle();
    };
    this.#live = this.#options.transport.openLive(
      { checkpoint, accessVersion },
      {
        onOpen: () => ifCurrent(() => this.#handleOpen()),
        onFrame: (frame) => ifCurrent(() => this.#handleFrame(frame)),
        onResync: (resync) => ifCurrent(() => this.#fallOut({ kind: 'resync', ...resync })),
        // A pull with the version known here is told what has changed since then, whatever was missed in between.
        onAccessChanged: () => ifCurrent(() => this.#pullSoon()),
        onPresence: (agents) => ifCurrent(() => this.#options.onPresence(agents)),
        onTyping: (news) => ifCurrent(() => this.#options.onTyping(news)),
        onPresent: (news) => ifCurrent(() => this.#options.onPresent(news)),
        onClose: (reason) => ifCurrent(() => this.#handleLost(reason)),
      },
    );
    this.#cancelTimer = this.#options.schedule(OPEN_TIMEOUT_MS, () => ifCurrent(() => this.#handleLost('timeout')));
  }

  say(word: LiveWord): void {
    this.#live?.say(word);
  }

  /** The network went away, as far as this device can tell. */
  markOffline(reason: string): void {
    if (this.#state.kind !== 'online' && this.#state.kind !== 'syncing') return;
    this.#fail({ kind: 'unreachable', reason });
  }

  /** Another request of this device was answered with what concerns the connection as a whole. */
  report(failure: TransportFailure): void {
    if (this.#state.kind !== 'online') return;
    if (isOutOfStep(failure)) this.#fallOut(failure);
    else this.#fail(failure);
  }

  /** The device may have slept or changed networks: ask the server instead of trusting an old socket. */
  check(): void {
    if (this.#state.kind === 'online') this.#pullSoon();
    else if (this.#state.kind === 'offline') this.connect();
  }

  /** The session ended; nothing is sent or asked until `connect`. */
  lock(kind: 'locked' | 'outdated'): void {
    this.#disconnect();
    this.#setState({ kind });
  }

  close(): void {
    this.#closed = true;
    this.#disconnect();
  }

  #handleOpen(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#live?.say(this.#options.greeting());
    this.#setState({ kind: 'syncing', received: 0 });
    this.#pullSoon();
  }

  /** Without frames there is no telling why a socket was refused; a pull has a status that tells. */
  #handleLost(reason: string): void {
    const neverOpened = this.#cancelTimer !== null;
    if (neverOpened) void this.#askWhy(reason);
    else this.#fail({ kind: 'unreachable', reason });
  }

  async #askWhy(reason: string): Promise<void> {
    const attempt = this.#attempt;
    const { checkpoint, accessVersion } = this.#options.replica.position;
    const answer = await this.#options.transport.pull({ checkpoint, accessVersion, limit: 1 }, this.#abort.signal);
    if (attempt !== this.#attempt) return;
    if (!answer.ok && isOutOfStep(answer.failure) && checkpoint !== null) {
      try {
        await this.#getInStep(answer.failure);
        if (attempt === this.#attempt) this.connect();
      } catch (error) {
        if (attempt === this.#attempt) this.#fail({ kind: 'unreachable', reason: String(error) });
      }
      return;
    }
    this.#fail(answer.ok ? { kind: 'unreachable', reason } : answer.failure);
  }

  #handleFrame(frame: ChangesFrame): void {
    if (this.#frames.length < MAX_KEPT_FRAMES) this.#frames.push(frame);
    else this.#frames = [];
    if (this.#frames.length === 0) this.#mustPull = true;
    void this.#work();
  }

  #fallOut(failure: OutOfStep): void {
    this.#outOfStep = failure;
    this.#pullSoon();
  }

  async #getInStep(failure: OutOfStep): Promise<void> {
    const { replica, onResync } = this.#options;
    if (failure.kind === 'access-changed' && failure.change) return replica.changeAccess(failure.change);
    if (failure.kind === 'resync') await onResync(failure);
    await replica.beginRenewal();
  }

  #pullSoon(): void {
    this.#mustPull = true;
    void this.#work();
  }

  /** Does what is due, one thing at a time: first parts, pull, frames. */
  async #work(): Promise<void> {
    if (this.#working) return;
    const attempt = this.#attempt;
    this.#working = true;
    try {
      while (attempt === this.#attempt) {
        if (this.#mustPull) {
          this.#mustPull = false;
          await this.#pullToHead(attempt);
        } else {
          const frame = this.#frames.shift();
          if (!frame) break;
          await this.#applyFrame(frame);
        }
      }
    } catch (error) {
      // The local store failed or the server sent nonsense: begin again from the last checkpoint.
      if (attempt === this.#attempt) this.#fail({ kind: 'unreachable', reason: String(error) });
    } finally {
      if (attempt === this.#attempt) this.#working = false;
    }
  }

  /**
   * A frame that begins before our checkpoint and ends after it holds all that lies between and is applied: a pull
   * often lands inside the range of the next frame, and pulling again for it would never end under load.
   */
  async #applyFrame(frame: ChangesFrame): Promise<void> {
    const { replica, clock } = this.#options;
    clock.correct(frame.serverTime);
    const { seq, accessVersion } = replica.position;
    if (frame.accessVersion !== accessVersion || frame.fromSeq > seq) {
      this.#pullSoon();
    } else if (frame.toSeq > seq) {
      await replica.applyChanges(frame.changes, { ...toBatch(frame), clockOffsetMs: clock.offsetMs, isFrame: true });
    }
  }

  async #pullToHead(attempt: number): Promise<void> {
    const { replica, transport, clock } = this.#options;
    if (this.#outOfStep) {
      const failure = this.#outOfStep;
      this.#outOfStep = null;
      this.#setState({ kind: 'syncing', received: 0 });
      await this.#getInStep(failure);
    }
    if (!(await this.#readFirstParts(attempt))) return;
    const ask = () => transport.pull(toPull(replica.position), this.#abort.signal);
    let asked = ask();
    for (;;) {
      const answer = await asked;
      if (attempt !== this.#attempt) return;
      if (!answer.ok) {
        this.#handleFailure(answer.failure);
        return;
      }
      const { value: page, roundTripMs } = answer;
      clock.observe(page.serverTime, roundTripMs);
      if (!page.upToDate) {
        // The next page travels while this one is written.
        asked = transport.pull(
          { checkpoint: page.checkpoint, accessVersion: page.accessVersion, limit: MAX_CHANGES_PER_PAGE },
          this.#abort.signal,
        );
      }
      await replica.applyChanges(page.changes, { ...toBatch(page), clockOffsetMs: clock.offsetMs });
      if (attempt !== this.#attempt) return;
      this.#countReceived(page.changes.length);
      if (page.upToDate) break;
    }
    await replica.settleAtHead();
    if (attempt !== this.#attempt) return;
    this.#options.backoff.reset();
    this.#offlineSince = null;
    if (this.#state.kind !== 'online') this.#setState({ kind: 'online' });
    this.#options.onOnline();
  }

  /**
   * Open work first, then what is recent: the desk can be used while the rest is on its way.
   *
   * @returns false when this attempt is over.
   */
  async #readFirstParts(attempt: number): Promise<boolean> {
    const { replica, clock } = this.#options;
    let asked: { part: PartRequest; answer: Promise<TransportResult<SnapshotPage>> } | null = null;
    for (;;) {
      const part = replica.nextPart('first');
      if (!part) return true;
      const isAsked = asked?.part.part === part.part && asked.part.cursor === part.cursor;
      const answer: TransportResult<SnapshotPage> = await (asked && isAsked ? asked.answer : this.#askPart(part));
      if (attempt !== this.#attempt) return false;
      if (answer.ok) {
        const page: SnapshotPage = answer.value;
        clock.observe(page.serverTime, answer.roundTripMs);
        // The next page travels while this one is written.
        const next: PartRequest = { ...part, cursor: page.nextCursor, accessVersion: page.accessVersion };
        asked = page.nextCursor === null ? null : { part: next, answer: this.#askPart(next) };
        await replica.applyPart(part, page);
        if (attempt !== this.#attempt) return false;
        this.#countReceived(page.items.length);
      } else if (answer.failure.kind === 'not-found') {
        await replica.readWholeLog(); // a server of before parts
      } else if (answer.failure.kind === 'refused' && part.cursor !== null) {
        await replica.restartPart(part.part);
      } else {
        this.#handleFailure(answer.failure);
        return false;
      }
    }
  }

  #askPart(part: PartRequest): Promise<TransportResult<SnapshotPage>> {
    return this.#options.transport.snapshot({ ...part, limit: MAX_CHANGES_PER_PAGE }, this.#abort.signal);
  }

  #countReceived(count: number): void {
    if (this.#state.kind !== 'syncing') return;
    this.#setState({ kind: 'syncing', received: this.#state.received + count });
  }

  #handleFailure(failure: TransportFailure): void {
    const { checkpoint, accessVersion } = this.#options.replica.position;
    // Refused at the very beginning there is nothing to renew: wait as with any failure.
    if (isOutOfStep(failure) && (checkpoint !== null || accessVersion !== null)) this.#fallOut(failure);
    else this.#fail(failure);
  }

  #fail(failure: TransportFailure): void {
    if (failure.kind === 'unauthenticated' || failure.kind === 'outdated') {
      this.lock(failure.kind === 'outdated' ? 'outdated' : 'locked');
      return;
    }
    this.#disconnect();
    this.#offlineSince ??= this.#options.now();
    const reason = 'reason' in failure ? failure.reason : failure.kind;
    this.#setState({ kind: 'offline', sinceMs: this.#offlineSince, reason });
    const askedMs = failure.kind === 'busy' ? (failure.retryAfterMs ?? 0) : 0;
    const delayMs = Math.max(this.#options.backoff.next(), askedMs);
    this.#cancelTimer = this.#options.schedule(delayMs, () => this.connect());
  }

  #disconnect(): void {
    this.#attempt += 1;
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#live?.close();
    this.#live = null;
    this.#options.onPresence(null);
    this.#frames = [];
    this.#working = false;
    this.#mustPull = false;
    this.#outOfStep = null;
  }

  #setState(state: ConnectionState): void {
    this.#state = state;
    this.#options.onState(state);
  }
}

function toPull({ checkpoint, accessVersion }: Replica['position']) {
  return { checkpoint, accessVersion, limit: MAX_CHANGES_PER_PAGE };
}

function toBatch({ checkpoint, accessVersion }: { checkpoint: string; accessVersion: number }) {
  return { checkpoint, accessVersion };
}

type OutOfStep = Extract<TransportFailure, { kind: 'resync' | 'access-changed' }>;

function isOutOfStep(failure: TransportFailure): failure is OutOfStep {
  return failure.kind === 'resync' || failure.kind === 'access-changed';
}
