import type { LiveTyping, Presence } from '@tradewind/shared/protocol/live';
import { type Presences, type Schedule, scheduleWithTimers } from '../replication/transport.ts';
import { Emitter } from './emitter.ts';

/** A visitor's page says so again while he goes on; without that, or when its network is gone, he has stopped. */
const TYPING_LASTS_MS = 8_000;

/** What the server last told about people, and what this agent chose. True for a moment; nothing of it is replicated. */
export class Whereabouts {
  readonly changed = new Emitter();
  #own: Presence;
  #presences: ReadonlyMap<string, Presence> | null = null;
  /** Conversations whose visitor is writing, and what ends that. */
  readonly #typing = new Map<string, () => void>();
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

  isTyping(conversationId: string): boolean {
    return this.#typing.has(conversationId);
  }

  choose(own: Presence): void {
    if (own === this.#own) return;
    this.#own = own;
    this.changed.emit();
  }

  /** Without a connection nobody is known to be writing either. */
  acceptPresence(agents: Presences | null): void {
    if (agents === null && this.#presences === null && this.#typing.size === 0) return;
    this.#presences = agents && new Map(Object.entries(agents));
    if (agents === null) for (const conversationId of this.typing) this.#end(conversationId);
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

  /** As the leading tab tells it; its clock ends the typing. */
  mirror(agents: Presences | null, typing: readonly string[]): void {
    for (const conversationId of this.typing) this.#end(conversationId);
    for (const conversationId of typing) this.#typing.set(conversationId, () => undefined);
    this.#presences = agents && new Map(Object.entries(agents));
    this.changed.emit();
  }

  close(): void {
    for (const conversationId of this.typing) this.#end(conversationId);
  }

  #end(conversationId: string): void {
    this.#typing.get(conversationId)?.();
    this.#typing.delete(conversationId);
  }
}
