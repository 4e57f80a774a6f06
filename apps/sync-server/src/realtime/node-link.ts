import type { Logger } from 'pino';
import { z } from 'zod';
import { Notifications } from '../db/notifications.ts';
import type { ChangeBus } from '../replication/change-log.ts';

export interface NodeLinkDeps {
  connectionString: string;
  /** This process among those on the database. */
  nodeId: string;
  bus: ChangeBus;
  log: Logger;
  now: () => number;
}

/** What nodes tell each other of. */
export type Topic = 'agent' | 'attention' | 'visitor-typing' | 'agent-typing';
type Entry = [topic: string, key: string, value: unknown];

const CHANNEL = 'tradewind_nodes';
const HEAD_CHANNEL = 'tradewind_head';
/** docs/protocol.md, P71: every node reads what every other one says. */
const MAX_BYTES = 1_000;
const FLUSH_EVERY_MS = 1_000;
/** What is said in one go leaves in one go. */
const GATHER_MS = 20;
const HEAD_EVERY_MS = 20;
const HEARTBEAT_MS = 10_000;
/** Without a sign of life for so long, a node is gone. */
const LEASE_MS = 35_000;
const GREET_EVERY_MS = 5_000;
/** Whoever says this has just come, tells how things stand with him, and wants to be told. */
const HELLO = 'hello';
const BYE = 'bye';
/** Says no more than that there is a node, where it has nothing to tell: else the newcomer would hear of it by a heartbeat. */
const HELLO_BACK = 'here';

const messageSchema = z.tuple([z.string(), z.array(z.tuple([z.string(), z.string(), z.unknown()]))]);

/**
 * What the nodes on one database tell each other beside it, by NOTIFY: how far the change log has grown, and states that are
 * true for a moment. Lost without harm: nodes look at the log by themselves every second, and states are told again.
 *
 * Of a state the newest word counts. One kilobyte a second leaves each node; what does not fit waits, and may be overtaken
 * by a newer word about the same thing.
 */
export class NodeLink {
  readonly #deps: NodeLinkDeps;
  readonly #notifications: Notifications;
  readonly #handlers = new Map<string, (nodeId: string, key: string, value: unknown) => void>();
  readonly #sources: (() => Iterable<readonly [Topic, string, unknown]>)[] = [];
  readonly #goneListeners: ((nodeId: string) => void)[] = [];
  readonly #pending = new Map<string, Entry>();
  /** When each other node was last heard. */
  readonly #peers = new Map<string, number>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #flushedAt = 0;
  #greetedAt = 0;
  #head = 0;
  #isRelaying = false;

  constructor(deps: NodeLinkDeps) {
    this.#deps = deps;
    this.#notifications = new Notifications({
      connectionString: deps.connectionString,
      channels: [CHANNEL, HEAD_CHANNEL],
      onMessage: (channel, payload) => this.#hear(channel, payload),
      onOpen: () => this.#greet(),
      onLost: (error) =>
        deps.log.warn({ event: 'nodes.unheard', err: error }, 'other nodes are not heard until the database answers'),
    });
  }

  /** In the background: a node serves its consoles also while it cannot hear of the others. */
  start(): void {
    this.#deps.bus.on('head', this.#noteHead);
    this.#notifications.start();
    this.#timers.set('beat', setInterval(this.#beat, HEARTBEAT_MS));
  }

  async stop(): Promise<void> {
    this.#deps.bus.off('head', this.#noteHead);
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await this.#notifications.send(CHANNEL, JSON.stringify([this.#deps.nodeId, [[BYE, '', null]]]));
    await this.#notifications.stop();
  }

  /** Tells all other nodes how something stands now. */
  tell(topic: Topic, key: string, value: unknown): void {
    if (this.#peers.size > 0) this.#put([topic, key, value]); // whoever comes is told everything
  }

  onTold(topic: Topic, handler: (nodeId: string, key: string, value: unknown) => void): void {
    this.#handlers.set(topic, handler);
  }

  /** A node said good-bye, or nothing for too long: what it told is no longer so. */
  onNodeGone(listener: (nodeId: string) => void): void {
    this.#goneListeners.push(listener);
  }

  /** What a node that has just come must be told. */
  provide(source: () => Iterable<readonly [Topic, string, unknown]>): void {
    this.#sources.push(source);
  }

  #later(name: string, delayMs: number, run: () => void): void {
    if (this.#timers.has(name)) return;
    const timer = setTimeout(() => {
      this.#timers.delete(name);
      run();
    }, delayMs);
    this.#timers.set(name, timer);
  }

  #greet(): void {
    this.#greetedAt = this.#deps.now();
    this.#put([HELLO, '', null]);
    this.#tellAll();
  }

  #tellAll(): void {
    for (const source of this.#sources) for (const entry of source()) this.#put([...entry]);
  }

  #put(entry: Entry): void {
    this.#pending.set(`${entry[0]} ${entry[1]}`, entry);
    const waitMs = this.#flushedAt + FLUSH_EVERY_MS - this.#deps.now();
    this.#later('flush', Math.max(GATHER_MS, Math.min(waitMs, FLUSH_EVERY_MS)), this.#flush);
  }

  readonly #flush = (): void => {
    if (!this.#notifications.isOpen) return; // what waits is told with the greeting
    const entries = this.#takeEntries();
    this.#flushedAt = this.#deps.now();
    void this.#notifications.send(CHANNEL, JSON.stringify([this.#deps.nodeId, entries]));
    if (this.#pending.size > 0) this.#later('flush', FLUSH_EVERY_MS, this.#flush);
  };

  /** As much of what waits as may leave at once. */
  #takeEntries(): Entry[] {
    const entries: Entry[] = [];
    let bytes = Buffer.byteLength(JSON.stringify([this.#deps.nodeId, []]));
    for (const [id, entry] of this.#pending) {
      const size = Buffer.byteLength(JSON.stringify(entry)) + 1;
      if (bytes + size > MAX_BYTES && entries.length > 0) break;
      this.#pending.delete(id);
      if (bytes + size > MAX_BYTES) continue; // larger than all there is: nobody is told
      bytes += size;
      entries.push(entry);
    }
    return entries;
  }

  readonly #beat = (): void => {
    const now = this.#deps.now();
    for (const [nodeId, heardAt] of [...this.#peers]) if (now - heardAt > LEASE_MS) this.#drop(nodeId);
    if (now - this.#flushedAt >= HEARTBEAT_MS / 2) this.#flush();
  };

  /** Only where there is somebody to hear it: a NOTIFY costs each commit of everybody a little. */
  readonly #noteHead = (seq: number): void => {
    if (this.#isRelaying || this.#peers.size === 0 || seq <= this.#head) return;
    this.#head = seq;
    this.#later('head', HEAD_EVERY_MS, () => {
      void this.#notifications.send(HEAD_CHANNEL, `${this.#deps.nodeId} ${this.#head}`);
    });
  };

  #hear(channel: string, payload: string): void {
    if (channel === HEAD_CHANNEL) {
      const [nodeId, seq] = payload.split(' ');
      if (nodeId !== this.#deps.nodeId && Number.isSafeInteger(Number(seq))) this.#relayHead(Number(seq));
      return;
    }
    const message = messageSchema.safeParse(parseJson(payload));
    if (!message.success) {
      this.#deps.log.warn({ event: 'nodes.unreadable' }, 'what another node said cannot be read');
      return;
    }
    const [nodeId, entries] = message.data;
    if (nodeId !== this.#deps.nodeId) this.#take(nodeId, entries);
  }

  #take(nodeId: string, entries: readonly Entry[]): void {
    if (entries.some(([topic]) => topic === BYE)) {
      this.#drop(nodeId);
      return;
    }
    const isKnown = this.#peers.has(nodeId);
    this.#peers.set(nodeId, this.#deps.now());
    if (entries.some(([topic]) => topic === HELLO)) {
      this.#tellAll();
      if (!isKnown) this.#put([HELLO_BACK, '', null]);
    } else if (!isKnown && this.#deps.now() - this.#greetedAt > GREET_EVERY_MS) this.#greet();
    for (const [topic, key, value] of entries) this.#handlers.get(topic)?.(nodeId, key, value);
  }

  #relayHead(seq: number): void {
    this.#isRelaying = true;
    try {
      this.#deps.bus.announce(seq);
    } finally {
      this.#isRelaying = false;
    }
  }

  #drop(nodeId: string): void {
    if (!this.#peers.delete(nodeId)) return;
    for (const listener of this.#goneListeners) listener(nodeId);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // told by the caller
  }
}
