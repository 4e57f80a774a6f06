import type { Message } from '@tradewind/shared/schemas/message';
import type { RxCollection } from 'rxdb';
import type { Stored } from '../db/documents.ts';
import { LiveSet } from '../db/live-set.ts';

/** A message of ours the customer did not get, or may not have got. */
export type SendTrouble = 'failed' | 'unknown';

/** What of a message needs the agent; a message somebody has given up needs nobody. */
export function toSendTrouble({ status, failure }: Pick<Message, 'status' | 'failure'>): SendTrouble | null {
  if (status === 'unknown') return 'unknown';
  return status === 'failed' && failure?.kind !== 'dropped' ? 'failed' : null;
}

/** Which conversations have a message that was not sent, for the marks in the list. */
export class SendTroubles {
  readonly #set: LiveSet<Stored<Message>>;
  /** Message → conversation, for messages that are in trouble or were a moment ago. */
  readonly #conversationOf = new Map<string, string>();
  readonly #byConversation = new Map<string, Set<string>>();

  /** @param onChange - called with the conversations whose mark may have changed. */
  constructor(collection: RxCollection<Stored<Message>>, onChange: (conversationIds: readonly string[]) => void) {
    this.#set = new LiveSet({
      collection,
      selectors: [{ status: 'failed' }, { status: 'unknown' }],
      matches: (message) => toSendTrouble(message) !== null,
      onChange: (ids) => onChange(this.#record(ids)),
    });
  }

  /** @param changed - messages as pending commands of this device leave them, by id. */
  get(conversationId: string, changed?: ReadonlyMap<string, Message>): SendTrouble | null {
    let trouble: SendTrouble | null = null;
    for (const id of this.#byConversation.get(conversationId) ?? []) {
      const message = changed?.get(id) ?? this.#set.docs.get(id);
      const found = message ? toSendTrouble(message) : null;
      if (found === 'failed') return found;
      trouble ??= found;
    }
    return trouble;
  }

  close(): void {
    this.#set.close();
  }

  #record(ids: readonly string[]): string[] {
    const touched = new Set<string>();
    for (const id of ids) {
      const message = this.#set.docs.get(id);
      const conversationId = message?.conversationId ?? this.#conversationOf.get(id);
      if (conversationId === undefined) continue;
      touched.add(conversationId);
      const ofConversation = this.#byConversation.get(conversationId) ?? new Set();
      if (message) {
        this.#conversationOf.set(id, conversationId);
        this.#byConversation.set(conversationId, ofConversation.add(id));
      } else {
        this.#conversationOf.delete(id);
        ofConversation.delete(id);
        if (ofConversation.size === 0) this.#byConversation.delete(conversationId);
      }
    }
    return [...touched];
  }
}
