import type { Attention, LivePresent, LiveTyping, Presence } from '@tradewind/shared/protocol/live';
import { type Presences, type Schedule, scheduleWithTimers } from '../replication/transport.ts';
import { Emitter } from './emitter.ts';

/** A visitor's page says so again while he goes on; without that, or when its network is gone, he has stopped. */
const TYPING_LASTS_MS = 8_000;
/** The server says again what colleagues do while they do it (docs/protocol.md, P70). */
const ATTENTION_LASTS_MS = 30_000;

/** A colleague in a conversation. */
export interface Colleague {
  agentId: string;
  state: Attention;
}

/** What the server last told about people, and what this agent chose. True for a moment; nothing of it is replicated. */
export class Whereabouts {
  readonly changed = new Emitter();
  #own: Presence;
  #presences: ReadonlyMap<string, Presence> | null = null;
  /** Conversations whose visitor is writing, and what ends that. */
  readonly #typing = new Map<string, () => void>();
  #colleagues: ReadonlyMap<string, readonly Colleague[]> = new Map();
  /** By conversation and agent, what forgets him. */
  readonly #forgetting = new Map<string, () => void>();
  readonly #schedule: Schedule;

  constructor(own: Presence, schedule: Schedule = scheduleWithTimers) {
    this.#own = own;
    this.#schedule = schedule;
  }

  /** What this agent wants colleagues and visitors to see. */
  get own(): Presence {
    return this.#own;
  }

  /** By agent id; absent means offline. Null while nobody can tell. */
  get presences(): ReadonlyMap<string, Presence> | null {
    return this.#presences;
  }

  get typing(): readonly string[] {
    return [...this.#typing.keys()];
  }

  /** By conversation, whoever came first in front; another map whenever something has changed. */
  get colleagues(): ReadonlyMap<string, readonly Colleague[]> {
    return this.#colleagues;
  }

  /** The same as the server told it. */
  get present(): readonly LivePresent[] {
    return [...this.#colleagues].flatMap(([conversationId, colleagues]) =>
      colleagues.map((colleague) => ({ conversationId, ...colleague })),
    );
  }

  isTyping(conversationId: string): boolean {
    return this.#typing.has(conversationId);
  }

  choose(own: Presence): void {
    if (own === this.#own) return;
    this.#own = own;
    this.changed.emit();
  }

  /** Without a connection nobody is known to be writing or looking either. */
  acceptPresence(agents: Presences | null): void {
    if (agents === null && this.#presences === null && this.#typing.size === 0 && this.#colleagues.size === 0) return;
    this.#presences = agents && new Map(Object.entries(agents));
    if (agents === null) {
      for (const conversationId of this.typing) this.#end(conversationId);
      this.#forgetColleagues();
    }
    this.changed.emit();
  }

  acceptTyping({ conversationId, typing }: LiveTyping): void {
    const before = this.isTyping(conversationId);
    this.#end(conversationId);
    if (typing) {
      const expire = () => this.acceptTyping({ conversationId, typing: false });
      this.#typing.set(conversationId, this.#schedule(TYPING_LASTS_MS, expire));
    }
    if (before !== typing) this.changed.emit();
  }

  acceptPresent({ conversationId, agentId, state }: LivePresent): void {
    const key = `${conversationId} ${agentId}`;
    this.#forgetting.get(key)?.();
    this.#forgetting.delete(key);
    if (state !== 'gone') {
      const forget = () => this.acceptPresent({ conversationId, agentId, state: 'gone' });
      this.#forgetting.set(key, this.#schedule(ATTENTION_LASTS_MS, forget));
    }
    const before = this.#colleagues.get(conversationId) ?? [];
    const known = before.find((colleague) => colleague.agentId === agentId);
    if ((known?.state ?? 'gone') === state) return;
    const others = before.filter((colleague) => colleague !== known);
    const after = state === 'gone' ? others : [...others, { agentId, state }];
    const colleagues = new Map(this.#colleagues);
    if (after.length === 0) colleagues.delete(conversationId);
    else colleagues.set(conversationId, after);
    this.#colleagues = colleagues;
    this.changed.emit();
  }

  /** As the leading tab tells it; its clock ends what is over. */
  mirror(agents: Presences | null, typing: readonly string[], present: readonly LivePresent[]): void {
    for (const conversationId of this.typing) this.#end(conversationId);
    for (const conversationId of typing) this.#typing.set(conversationId, () => undefined);
    this.#forgetColleagues();
    const colleagues = new Map<string, Colleague[]>();
    for (const { conversationId, agentId, state } of present) {
      if (state === 'gone') continue;
      colleagues.set(conversationId, [...(colleagues.get(conversationId) ?? []), { agentId, state }]);
    }
    this.#colleagues = colleagues;
    this.#presences = agents && new Map(Object.entries(agents));
    this.changed.emit();
  }

  close(): void {
    for (const conversationId of this.typing) this.#end(conversationId);
    this.#forgetColleagues();
  }

  #forgetColleagues(): void {
    for (const cancel of this.#forgetting.values()) cancel();
    this.#forgetting.clear();
    this.#colleagues = new Map();
  }

  #end(conversationId: string): void {
    this.#typing.get(conversationId)?.();
    this.#typing.delete(conversationId);
  }
}
