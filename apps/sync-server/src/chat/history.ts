import type { ChatConversation, ChatHistory } from '@tradewind/shared/chat/wire';
import { AppError } from '@tradewind/shared/protocol/errors';
import type { Db } from '../db/database.ts';
import {
  findChatMessage,
  readChatChanges,
  readChatConversations,
  readChatPage,
  type VisitorRef,
} from '../db/queries/chat.ts';
import { findRestorePoint, readHead } from '../replication/changes-page.ts';
import { type FileUrl, toChatConversation, toChatMessage } from './present.ts';

const PAGE = 50;
const CHANGES_PAGE = 200;

export interface HistoryDeps {
  db: Db;
  fileUrl: FileUrl;
  asksRating(accountId: string): boolean;
}

/** Which messages: what changed after a cursor, the page before a message, or (neither) the newest page. */
export interface HistoryRequest {
  after: number | null;
  before: string | null;
}

/**
 * Messages of a visitor's own conversations, found by the visitor and never by the customer he may be: two people who share
 * a mail address do not read each other's.
 *
 * @throws AppError `not-found` when `before` is not a message of his.
 */
export async function readHistory(
  deps: HistoryDeps,
  visitor: VisitorRef,
  request: HistoryRequest,
): Promise<ChatHistory> {
  const { db } = deps;
  // Before anything else is read: what is written meanwhile lies after the cursor and comes by the feed.
  const head = await readHead(db);
  const conversation = await readConversation(deps, visitor);
  const { before, after } = request;
  // The desk was restored since: the newest page and a smaller cursor say that what is held there is of a lost history.
  const restoredAt = before === null && after !== null ? await findRestorePoint(db, after) : null;
  if (before === null && after !== null && after > 0 && after <= head && restoredAt === null)
    return readAfter(deps, visitor, after, head, conversation);
  const from = before === null ? null : await findChatMessage(db, visitor, before);
  if (before !== null && !from) throw new AppError('not-found', 'There is no such message.');
  const position = from ? { sentAt: from.doc.sentAt, createdSeq: from.createdSeq } : null;
  const rows = await readChatPage(db, visitor, position, PAGE + 1);
  const shown = rows.slice(0, PAGE).reverse();
  return {
    messages: shown.map((row) => toChatMessage(row, deps.fileUrl)),
    cursor: restoredAt ?? head,
    more: false,
    hasOlder: rows.length > PAGE,
    conversation,
  };
}

async function readAfter(
  deps: HistoryDeps,
  visitor: VisitorRef,
  after: number,
  head: number,
  conversation: ChatConversation,
): Promise<ChatHistory> {
  const rows = await readChatChanges(deps.db, visitor, after, CHANGES_PAGE);
  const last = rows.at(-1);
  const more = rows.length === CHANGES_PAGE && last !== undefined;
  return {
    messages: rows.map((row) => toChatMessage(row, deps.fileUrl)),
    cursor: more ? last.seq : Math.max(head, last?.seq ?? 0),
    more,
    hasOlder: true,
    conversation,
  };
}

async function readConversation(deps: HistoryDeps, visitor: VisitorRef): Promise<ChatConversation> {
  const [row] = await readChatConversations(deps.db, [visitor]);
  return toChatConversation(row, deps.asksRating(visitor.accountId));
}
