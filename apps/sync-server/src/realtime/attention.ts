import type { Attention as AttentionState, LiveAttention } from '@tradewind/shared/protocol/live';

/** What one agent does in one conversation; null: he has left it. */
export interface AttentionNews {
  conversationId: string;
  agentId: string;
  state: AttentionState | null;
}

export interface AttentionDeps {
  now(): number;
  /** Called with what is new, and again while it goes on, so that whoever came later learns of it. */
  tell(news: readonly AttentionNews[]): void;
}

/** Who falls silent is gone (docs/protocol.md, P70). */
const SILENCE_MS = 30_000;
/** What goes on is told again this often: consoles forget what they do not hear of for `SILENCE_MS`. */
const REPEAT_MS = 10_000;
/** A flood of words is told at most this often per agent and conversation. */
const STEP_MS = 200;
const SWEEP_MS = 5_000;
/** More than an agent has windows for: a console that names more has lost count. */
const MAX_PER_SOCKET = 20;

interface Word {
  agentId: string;
  state: AttentionState;
  heardAt: number;
}

/**
 * Who looks at which conversation and who writes in it, as the sockets of this node say. An agent has several windows and
 * devices: the strongest of their words counts.
 */
export class Attention {
  readonly #deps: AttentionDeps;
  /** By conversation, then socket. */
  readonly #words = new Map<string, Map<string, Word>>();
  readonly #bySocket = new Map<string, Set<string>>();
  /** By conversation, then agent: what was told last, and when. */
  readonly #told = new Map<string, Map<string, { state: AttentionState; at: number }>>();
  readonly #changed = new Map<string, { conversationId: string; agentId: string }>();
  #step: NodeJS.Timeout | null = null;
  #sweep: NodeJS.Timeout | null = null;

  constructor(deps: AttentionDeps) {
    this.#deps = deps;
  }

  hear(socketId: string, agentId: string, { conversationId, state }: LiveAttention): void {
    if (state === 'gone') {
      this.#forget(socketId, conversationId);
      return;
    }
    const own = this.#bySocket.get(socketId) ?? new Set();
    const [oldest] = own;
    if (!own.has(conversationId) && own.size >= MAX_PER_SOCKET && oldest !== undefined) this.#forget(socketId, oldest);
    own.delete(conversationId);
    this.#bySocket.set(socketId, own.add(conversationId));
    const words = this.#words.get(conversationId) ?? new Map<string, Word>();
    this.#words.set(conversationId, words.set(socketId, { agentId, state, heardAt: this.#deps.now() }));
    this.#note(conversationId, agentId);
    this.#sweep ??= setInterval(() => this.#clean(), SWEEP_MS);
  }

  /** A socket is closed. */
  leave(socketId: string): void {
    for (const conversationId of this.#bySocket.get(socketId) ?? []) this.#forget(socketId, conversationId);
    this.#bySocket.delete(socketId);
  }

  /** What was told and still holds. */
  current(): AttentionNews[] {
    return [...this.#told].flatMap(([conversationId, agents]) =>
      [...agents].map(([agentId, { state }]) => ({ conversationId, agentId, state })),
    );
  }

  stop(): void {
    if (this.#step) clearTimeout(this.#step);
    if (this.#sweep) clearInterval(this.#sweep);
  }

  #forget(socketId: string, conversationId: string): void {
    this.#bySocket.get(socketId)?.delete(conversationId);
    const words = this.#words.get(conversationId);
    const word = words?.get(socketId);
    if (!words || !word) return;
    words.delete(socketId);
    if (words.size === 0) this.#words.delete(conversationId);
    this.#note(conversationId, word.agentId);
  }

  #note(conversationId: string, agentId: string): void {
    this.#changed.set(`${conversationId} ${agentId}`, { conversationId, agentId });
    this.#step ??= setTimeout(() => {
      this.#step = null;
      const news = [...this.#changed.values()].flatMap(({ conversationId, agentId }) =>
        this.#findNews(conversationId, agentId),
      );
      this.#changed.clear();
      if (news.length > 0) this.#deps.tell(news);
    }, STEP_MS);
  }

  /** One, or none where it is known. */
  #findNews(conversationId: string, agentId: string): AttentionNews[] {
    const state = this.#strongest(conversationId, agentId);
    const told = this.#told.get(conversationId) ?? new Map<string, { state: AttentionState; at: number }>();
    const before = told.get(agentId);
    const now = this.#deps.now();
    if (state === null ? !before : before?.state === state && now - before.at < REPEAT_MS) return [];
    if (state === null) told.delete(agentId);
    else told.set(agentId, { state, at: now });
    if (told.size === 0) this.#told.delete(conversationId);
    else this.#told.set(conversationId, told);
    return [{ conversationId, agentId, state }];
  }

  #strongest(conversationId: string, agentId: string): AttentionState | null {
    let strongest: AttentionState | null = null;
    for (const word of this.#words.get(conversationId)?.values() ?? []) {
      if (word.agentId === agentId && strongest !== 'typing') strongest = word.state;
    }
    return strongest;
  }

  #clean(): void {
    const deadline = this.#deps.now() - SILENCE_MS;
    for (const [conversationId, words] of [...this.#words]) {
      for (const [socketId, { heardAt }] of [...words]) {
        if (heardAt <= deadline) this.#forget(socketId, conversationId);
      }
    }
    if (this.#words.size > 0 || !this.#sweep) return;
    clearInterval(this.#sweep);
    this.#sweep = null;
  }
}
