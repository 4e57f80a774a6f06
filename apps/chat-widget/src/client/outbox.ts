import type { ChatAttachment } from '@tradewind/shared/chat/wire';
import { readJson, type Store } from '../common/store.ts';

export type FailedReason = 'refused' | 'files' | 'length';

interface Common {
  /** Made once; the same thing again under it is the same thing for the desk (R2). */
  id: string;
  /** Place in the queue: a counter, because clocks jump. */
  place: number;
  failed: FailedReason | null;
}
export interface WaitingMessage extends Common {
  kind: 'message';
  text: string;
  attachments: ChatAttachment[];
  writtenAt: number;
}
export interface WaitingProfile extends Common {
  kind: 'profile';
  name: string;
  email: string;
}
export interface WaitingRating extends Common {
  kind: 'rating';
  conversationId: string;
  score: number;
  comment: string;
}
export type Waiting = WaitingMessage | WaitingProfile | WaitingRating;
export type NewWaiting =
  | Omit<WaitingMessage, 'place' | 'failed'>
  | Omit<WaitingProfile, 'place' | 'failed'>
  | Omit<WaitingRating, 'place' | 'failed'>;

/** What has not reached the desk yet, one key each: tabs that write at the same time never undo each other's entry. */
export interface Outbox {
  /** In the order it was written. */
  all(): Waiting[];
  add(entry: NewWaiting): void;
  remove(id: string): void;
  /** Sets aside what the desk refused, until the visitor decides; null puts it back in the queue. */
  setFailed(id: string, reason: FailedReason | null): void;
}

export const OUTBOX = 'out/';

export function createOutbox(store: Store): Outbox {
  function read(key: string): Waiting | null {
    const entry = readJson<Waiting>(store, key);
    return entry !== null && typeof entry === 'object' && `${OUTBOX}${entry.id}` === key ? entry : null;
  }

  function all(): Waiting[] {
    const entries = store.keys(OUTBOX).map(read);
    return entries.filter((entry) => entry !== null).sort((a, b) => a.place - b.place || (a.id < b.id ? -1 : 1));
  }

  const write = (entry: Waiting) => store.set(OUTBOX + entry.id, JSON.stringify(entry));

  return {
    all,
    add: (entry) => write({ ...entry, place: (all().at(-1)?.place ?? 0) + 1, failed: null }),
    remove: (id) => store.remove(OUTBOX + id),
    setFailed(id, reason) {
      const entry = read(OUTBOX + id);
      if (entry !== null) write({ ...entry, failed: reason });
    },
  };
}

/** Takes over what someone wrote before the shop said who it was. */
export function moveOutbox(from: Outbox, to: Outbox): void {
  for (const entry of from.all()) {
    to.add(entry);
    from.remove(entry.id);
  }
}
