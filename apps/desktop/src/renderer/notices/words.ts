import type { TFunction } from 'i18next';
import { nameCustomer } from '../desk/customer-label.ts';
import type { ConversationRow, Directory } from '../desk/types.ts';
import type { NoticePlan } from './decide.ts';
import type { DeskEvent } from './events.ts';

/** A notice in the agent's language. */
export interface NoticeText {
  /** One notice per id: a newer one takes its place. */
  id: string;
  kind: 'message' | 'assigned' | 'mention' | 'failed';
  title: string;
  body: string;
  conversationId: string;
  /** What the agent has read when he answers from the notice. Null where it shows no message of the conversation. */
  messageId: string | null;
}

export interface NoticeSource {
  findRow(conversationId: string): ConversationRow | undefined;
  directory: Directory;
  t: TFunction;
}

export function toConversationNoticeId(conversationId: string): string {
  return `conversation:${conversationId}`;
}

/** Says who it is about above, and what happened below. */
export function toNoticeText(plan: NoticePlan, source: NoticeSource): NoticeText {
  return plan.kind === 'summary' ? toSummary(plan, source.t) : toEventText(plan.event, source);
}

function toSummary(plan: Extract<NoticePlan, { kind: 'summary' }>, t: TFunction): NoticeText {
  const { messages, conversations, conversationId } = plan;
  const places = t('shell.notice.conversations', { count: conversations });
  return {
    id: 'summary',
    kind: 'message',
    title: t('app.name'),
    body:
      messages === 0 ? t('shell.notice.newsIn', { places }) : t('shell.notice.messagesIn', { count: messages, places }),
    conversationId,
    messageId: null,
  };
}

function toEventText(event: DeskEvent, { findRow, directory, t }: NoticeSource): NoticeText {
  const { kind, conversationId } = event;
  const row = findRow(conversationId);
  const messageId = 'messageId' in event ? event.messageId : null;
  return {
    id: kind === 'failed' ? `failed:${messageId}` : toConversationNoticeId(conversationId),
    kind,
    title: row ? nameCustomer(row.conversation, row.customerName, t) : t('common.unknownCustomer'),
    body: toBody(event, row?.conversation.preview ?? '', directory, t),
    conversationId,
    messageId,
  };
}

function toBody(event: DeskEvent, conversationPreview: string, directory: Directory, t: TFunction): string {
  switch (event.kind) {
    case 'message':
      return event.preview || t('shell.notice.files', { count: Math.max(1, event.files) });
    case 'assigned':
      return withPreview(t('shell.notice.assigned'), conversationPreview, t);
    case 'mention': {
      const author = event.authorId === null ? undefined : directory.byId.get(event.authorId);
      const name = author?.name ?? t('common.unknownAgent');
      return withPreview(t('shell.notice.mention', { name }), event.preview, t);
    }
    case 'failed':
      return withPreview(t(`shell.notice.${event.trouble}`), event.preview, t);
  }
}

function withPreview(label: string, preview: string, t: TFunction): string {
  return preview ? t('common.prefix', { label }) + preview : label;
}
