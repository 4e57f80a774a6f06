import { StorageEngine } from '../engine.ts';
import type { Answer } from '../requests.ts';
import type { Control, FromOther, Reply, Request, Start } from './messages.ts';
import { loadSqlite, openOpfs } from './open-opfs.ts';

const NO_OWNER_PATIENCE_MS = 2000;
const WATCH_EVERY_MS = 250;

type Pending = { request: Request; sent: boolean };

/**
 * One window's part in a database that only one of them can have open. All ask for one Web Lock; who gets it opens
 * the database and answers everybody. When it goes, in whatever way, the lock goes to the next, and what has no
 * answer yet is sent again under its id. A second lock, held while the database is open, tells the others that an
 * owner stands, even when a long query keeps it from saying so.
 */
export class Member {
  readonly #me = crypto.randomUUID();
  readonly #start: Start;
  readonly #reply: (reply: Reply) => void;
  readonly #pending = new Map<string, Pending>();
  readonly #requests: BroadcastChannel;
  readonly #replies: BroadcastChannel;
  readonly #control: BroadcastChannel;
  readonly #others = new Map<string, BroadcastChannel>();
  #engine: StorageEngine | undefined;
  #ownerId: string | undefined;
  #watching: ReturnType<typeof setTimeout> | undefined;
  #giveUp: () => void = () => undefined;
  #ended = false;

  constructor(start: Start, reply: (reply: Reply) => void) {
    this.#start = start;
    this.#reply = reply;
    this.#requests = new BroadcastChannel(`${start.name}:requests`);
    this.#replies = new BroadcastChannel(`${start.name}:replies:${this.#me}`);
    this.#control = new BroadcastChannel(`${start.name}:control`);
    this.#replies.onmessage = ({ data }) => this.#settle(data);
    this.#control.onmessage = ({ data }) => this.#hear(data);
    this.#control.postMessage({ who: true } satisfies Control);
    // A failure to load is told by who has to open.
    loadSqlite().catch(() => undefined);
    void this.#strive();
  }

  ask(request: Request): void {
    if (this.#engine) {
      this.#reply(answer(this.#engine, request));
      return;
    }
    const pending = { request, sent: false };
    this.#pending.set(request.id, pending);
    this.#send(pending);
    this.#watch();
  }

  /** Closes the database if this one has it; the next in the line takes over. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#watching);
    this.#engine?.close();
    this.#engine = undefined;
    for (const channel of [this.#requests, this.#replies, this.#control, ...this.#others.values()]) channel.close();
    this.#giveUp();
  }

  #send(pending: Pending): void {
    if (!this.#ownerId) return;
    this.#requests.postMessage({ from: this.#me, request: forSending(pending) } satisfies FromOther);
    pending.sent = true;
  }

  /** A second answer, from an owner believed dead, finds nothing to settle. */
  #settle(reply: Reply): void {
    if (this.#pending.delete(reply.id)) this.#reply(reply);
  }

  #hear(message: Control): void {
    if ('who' in message) {
      if (this.#engine) this.#announce();
    } else if (message.owner !== this.#ownerId) {
      this.#ownerId = message.owner;
      for (const pending of this.#pending.values()) this.#send(pending);
    }
  }

  #announce(): void {
    this.#control.postMessage({ owner: this.#me } satisfies Control);
  }

  async #strive(): Promise<void> {
    while (!this.#ended) {
      try {
        await navigator.locks.request(`${this.#start.name}:owner`, () => this.#own());
      } catch (error) {
        this.#failAll(error);
        await new Promise((resolve) => setTimeout(resolve, WATCH_EVERY_MS));
      }
    }
  }

  async #own(): Promise<void> {
    if (this.#ended) return;
    const db = await openOpfs(this.#start);
    if (this.#ended) return db.close();
    await navigator.locks.request(`${this.#start.name}:open`, async () => {
      const engine = new StorageEngine(db);
      this.#engine = engine;
      clearTimeout(this.#watching);
      this.#watching = undefined;
      this.#requests.onmessage = ({ data }: MessageEvent<FromOther>) => {
        this.#to(data.from).postMessage(answer(engine, data.request));
      };
      for (const pending of this.#pending.values()) this.#settle(answer(engine, forSending(pending)));
      this.#announce();
      await new Promise<void>((resolve) => {
        this.#giveUp = resolve;
      });
    });
  }

  #to(member: string): BroadcastChannel {
    let channel = this.#others.get(member);
    if (!channel) {
      channel = new BroadcastChannel(`${this.#start.name}:replies:${member}`);
      this.#others.set(member, channel);
    }
    return channel;
  }

  /** While something waits: has there been nobody for too long? */
  #watch(goneSince: number | null = null): void {
    if (this.#watching !== undefined && goneSince === null) return;
    this.#watching = setTimeout(async () => {
      const { held = [] } = await navigator.locks.query();
      const stands = held.some((lock) => lock.name === `${this.#start.name}:open`);
      const since = stands ? null : (goneSince ?? performance.now());
      if (since !== null && performance.now() - since > NO_OWNER_PATIENCE_MS) {
        this.#failAll(new Error('no window could open the database'));
      }
      this.#watching = undefined;
      if (this.#pending.size > 0 && !this.#engine && !this.#ended) this.#watch(since);
    }, WATCH_EVERY_MS);
  }

  #failAll(error: unknown): void {
    for (const id of [...this.#pending.keys()]) this.#settle({ id, error: describe(error) });
  }
}

/** What may have been done by an owner that died before it said so, is marked. */
function forSending({ request, sent }: Pending): Request {
  return sent && request.name === 'write'
    ? { ...request, parameters: { ...request.parameters, again: true } }
    : request;
}

function answer(engine: StorageEngine, { id, name, parameters }: Request): Reply {
  try {
    return { id, answer: engine.handle(name, parameters as never) as Answer };
  } catch (error) {
    const told = describe(error);
    return { id, error: name === 'write' && NO_ROOM.test(told.message) ? toFull(told) : told };
  }
}

// The pool's file answers a write beyond the quota with an I/O error; SQLite cannot know more.
const NO_ROOM = /SQLITE_(?:FULL|IOERR)/;

function toFull({ message }: { message: string }): { name: string; message: string } {
  return {
    name: 'StorageFullError',
    message: `nothing was written: the disk or the quota is likely full (${message})`,
  };
}

function describe(error: unknown): { name: string; message: string } {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'Error', message: String(error) };
}
