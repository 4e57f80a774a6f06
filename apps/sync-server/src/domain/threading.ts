import type { Conversation } from '@tradewind/shared/schemas/conversation';

/** Conversations that know a Message-Id, because a message of theirs has it or names it. */
export type ConversationsByReference = ReadonlyMap<string, readonly Conversation[]>;

/**
 * Finds the conversation a mail belongs to: the nearest reference wins (In-Reply-To before older ones), and only where
 * the writer is already part of the conversation (R14). A stranger who quotes a thread gets a conversation of their own.
 *
 * @param ownId - the mail's own Message-Id: mails that came earlier may already name it.
 * @param references - oldest first.
 */
export function findThread(
  known: ConversationsByReference,
  ownId: string,
  references: readonly string[],
  sender: { customerId: string | null; address: string },
): Conversation | null {
  for (const id of [...references].reverse().concat(ownId)) {
    const joinable = (known.get(id) ?? []).filter(
      (conversation) =>
        conversation.customerId === sender.customerId || conversation.participants.includes(sender.address),
    );
    if (joinable.length > 0) {
      return joinable.reduce((newest, conversation) =>
        conversation.lastMessageAt > newest.lastMessageAt ? conversation : newest,
      );
    }
  }
  return null;
}

/**
 * The conversation a visitor of a chat goes on with: his unresolved one, of which there is at most one, else the last.
 *
 * @param own - all of the visitor's conversations.
 */
export function findChatThread(own: readonly Conversation[]): Conversation | null {
  const unresolved = own.filter((conversation) => conversation.status !== 'resolved');
  const candidates = unresolved.length > 0 ? unresolved : own;
  return candidates.reduce<Conversation | null>(
    (newest, one) => (newest === null || one.lastMessageAt > newest.lastMessageAt ? one : newest),
    null,
  );
}
