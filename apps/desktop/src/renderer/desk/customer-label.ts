import { mediumOf } from '@tradewind/shared/channels';
import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Customer } from '@tradewind/shared/schemas/customer';
import type { TFunction } from 'i18next';

const CODE_LENGTH = 4;

/** A short label for a visitor without a name: the same wherever he is shown, and on every device. */
export function toVisitorCode(id: string): string {
  // The end of a UUIDv7 is random; its beginning is the time, alike for everybody who came this minute.
  return id
    .replace(/[^a-z0-9]/gi, '')
    .slice(-CODE_LENGTH)
    .toUpperCase();
}

/** The best that is known of a customer to call him by; '' for nothing. The participants of a chat are no names. */
export function findName(
  { channelKind, participants }: Pick<Conversation, 'channelKind' | 'participants'>,
  customer: Pick<Customer, 'name' | 'emails'> | null,
): string {
  return customer?.name || customer?.emails[0] || (mediumOf(channelKind) === 'mail' ? (participants[0] ?? '') : '');
}

type Named = Pick<Conversation, 'channelKind' | 'customerId' | 'id'>;

/**
 * What a customer is called on the screen.
 *
 * @param name - what is known of him, best first choice of the caller; '' for nothing.
 */
export function nameCustomer({ channelKind, customerId, id }: Named, name: string, t: TFunction): string {
  if (name) return name;
  if (mediumOf(channelKind) === 'chat') return t('chat.visitor', { code: toVisitorCode(customerId || id) });
  return t('common.unknownCustomer');
}

/** The line a conversation is known by in lists of other things: its subject, or for a chat, which has none, its customer. */
export function titleConversation(
  conversation: Named & Pick<Conversation, 'subject'>,
  name: string,
  t: TFunction,
): string {
  if (mediumOf(conversation.channelKind) === 'chat') return nameCustomer(conversation, name, t);
  return conversation.subject || t('common.noSubject');
}
