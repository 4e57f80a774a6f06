import { narrowStore, type Store } from '../common/store.ts';
import { createMemory, type Memory } from './memory.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { noTalk, type Talk } from './talk.ts';
import { toOwner } from './visitor.ts';

/** One person at this browser: what was kept for them, and what this page knows of their conversation. */
export interface Visit {
  /** Prefix of their keys in the store. */
  readonly owner: string;
  readonly memory: Memory;
  readonly outbox: Outbox;
  talk: Talk;
}

export const ANONYMOUS = toOwner(null);

/** @param identity - the shop's JWT, null without. */
export function openVisit(store: Store, identity: string | null): Visit {
  const owner = toOwner(identity);
  const own = narrowStore(store, owner);
  const memory = createMemory(own, owner === ANONYMOUS);
  return { owner, memory, outbox: createOutbox(own), talk: memory.talk() };
}

/** Forgets the copy of a conversation that is not, or no longer, this visitor's. */
export function forgetTalk(visit: Visit): void {
  visit.talk = noTalk;
  visit.memory.keepTalk(noTalk);
}
