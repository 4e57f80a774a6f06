import type { ChatAttachment, ChatConversation, ChatMessage, ChatSettings } from '@tradewind/shared/chat/wire';
import type { ConnectedAccount, ConnectedChat } from '../accounts/connected-account.ts';
import type { ChatConversationRow, ChatMessageRow } from '../db/queries/chat.ts';
import { findOpening } from '../domain/office-hours.ts';

/** Makes the address of a file for a visitor; null while the file is not here. */
export type FileUrl = (attachmentId: string) => string;

/** A message as its visitor sees it: no mail addresses, nothing about who may see it or what it was called outside. */
export function toChatMessage(row: Omit<ChatMessageRow, 'seq'>, fileUrl: FileUrl): ChatMessage {
  const { doc } = row;
  const recalled = doc.status === 'recalled';
  const own = doc.direction === 'in';
  return {
    id: own ? (doc.externalId ?? doc.id).replace(/^.*\//, '') : doc.id,
    conversationId: doc.conversationId,
    author: doc.authorType === 'customer' ? 'visitor' : doc.authorType,
    authorName: own ? '' : (row.agentName ?? ''),
    text: recalled ? '' : doc.text,
    attachments: recalled
      ? []
      : doc.attachments.map((one): ChatAttachment => {
          const { id, name, contentType, sizeBytes } = one;
          return { id, name, contentType, sizeBytes, url: one.sha256 === null ? null : fileUrl(id) };
        }),
    at: doc.sentAt,
    order: row.createdSeq,
    recalled,
  };
}

const noConversation: ChatConversation = { id: null, state: 'none', askRating: false, seenOrder: 0 };

export function toChatConversation(row: ChatConversationRow | undefined, asksRating: boolean): ChatConversation {
  if (!row) return noConversation;
  const { doc, seenSeq } = row;
  const resolved = doc.status === 'resolved';
  return {
    id: doc.id,
    state: resolved ? 'resolved' : 'open',
    askRating: resolved && asksRating && !doc.satisfaction,
    seenOrder: seenSeq,
  };
}

export type ChatAccount = ConnectedAccount & { chat: ConnectedChat };

/** What everybody may know of a chat account. */
export function toChatSettings(account: ChatAccount, agentsOnline: boolean, nowMs: number): ChatSettings {
  const { officeHours, ...settings } = account.chat.settings;
  const opening = officeHours === null ? { open: true, changesAt: null } : findOpening(officeHours, nowMs);
  return { accountId: account.id, name: account.name, ...settings, ...opening, agentsOnline };
}
