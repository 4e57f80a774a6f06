import {
  type ChatAccepted,
  type ChatHistory,
  type ChatLanguage,
  type ChatSettings,
  type ChatWelcome,
  chatAuthSchema,
  chatHistorySchema,
  chatMessageSchema,
  chatProfileSchema,
  chatRatingSchema,
  chatReceiptSchema,
} from '@tradewind/shared/chat/wire';
import { AppError } from '@tradewind/shared/protocol/errors';
import type { AccountDirectory } from '../accounts/account-directory.ts';
import type { ConnectedAccount } from '../accounts/connected-account.ts';
import { type ChatEvent, type ChatRequest, describeChatRequest } from '../channels/chat-request.ts';
import type { VouchedIdentity } from '../connector.ts';
import type { Db } from '../db/database.ts';
import { toStorableText } from '../db/json-text.ts';
import { findOwnConversation, findUnreported, findVisitorCustomer, type VisitorRef } from '../db/queries/chat.ts';
import type { Inbox } from '../ingest/inbox.ts';
import { laneOf } from '../ingest/lane.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { ChatFiles } from './files.ts';
import { type HistoryDeps, readHistory } from './history.ts';
import { parseChat } from './input.ts';
import type { ChatLimits } from './limits.ts';
import { type ChatAccount, toChatSettings } from './present.ts';
import type { Visitor, VisitorStore } from './visitors.ts';

export interface ChatGatewayDeps {
  db: Db;
  accounts: AccountDirectory;
  inbox: Inbox;
  metrics: Metrics;
  visitors: VisitorStore;
  limits: ChatLimits;
  files: ChatFiles;
  history: HistoryDeps;
  now: () => number;
  /** Whether somebody who may see this account's conversations is at the desk. */
  isSomebodyOnline(account: ConnectedAccount): boolean;
}

/** One connected widget. */
export interface ChatSession extends VisitorRef {
  readonly visitor: Visitor;
  readonly newToken: string | null;
  readonly hasSignedIn: boolean;
  readonly address: string;
  readonly language: ChatLanguage | null;
  readonly page: string | null;
  /** Whether the visitor is written down; `taken`: he is somebody else by now, and connecting again finds out who. */
  row: 'none' | 'kept' | 'taken';
}

/**
 * What widgets may ask for. Everything a visitor says goes into the inbox like a webhook, and is acknowledged when it is
 * committed (R1): dedupe, order, dead letters and replay are those of every channel.
 *
 * Crash points: before the commit the widget has no acknowledgement and sends again under the same id; after it the event is
 * there, and the same id again is a duplicate (R2). Knows nothing of sockets and routes.
 */
export class ChatGateway {
  readonly #deps: ChatGatewayDeps;

  constructor(deps: ChatGatewayDeps) {
    this.#deps = deps;
  }

  /**
   * Opens a session for a widget.
   *
   * @param origin - of the page, as the browser says; undefined where there is no page (an app).
   * @throws AppError `rate-limited`, `bad-input`, `not-found`, `forbidden` (origin), `unauthenticated` (identity).
   */
  async open(auth: unknown, origin: string | undefined, address: string): Promise<ChatSession> {
    const { limits, visitors, now } = this.#deps;
    limits.takeConnection(address, now());
    const { accountId, visitorToken, identity, language, page } = parseChat(chatAuthSchema, auth);
    const account = await this.#admit(accountId, origin);
    const vouched = identity ? this.#readIdentity(account, identity) : null;
    const opened = await visitors.open(account.id, visitorToken ?? null, vouched);
    return {
      ...opened,
      accountId: account.id,
      visitorId: opened.visitor.id,
      address,
      language: language ?? null,
      page: toPage(page ?? null),
      row: 'none',
    };
  }

  /** Of sessions opened by a token alone: those that it would not open any more. */
  async findOutdated(sessions: readonly ChatSession[]): Promise<Set<ChatSession>> {
    const anonymous = sessions.filter((session) => !session.visitor.identity);
    const signedIn = new Set(await this.#deps.visitors.findSignedIn(anonymous.map((session) => session.visitorId)));
    return new Set(anonymous.filter((session) => signedIn.has(session.visitorId)));
  }

  /** Counts a session among those that are open. @returns what to call once, when it has ended. */
  hold(session: ChatSession): () => void {
    return this.#deps.limits.holdConnection(session.address);
  }

  /**
   * What everybody may know of a chat.
   *
   * @throws AppError `not-found` for what is no chat account, `forbidden` for a page of an origin that is not allowed.
   */
  async readSettings(accountId: string, origin: string | undefined, address: string): Promise<ChatSettings> {
    // Known accounts are in memory, and every page of a shop asks; looking for others costs a query.
    if (!this.#deps.accounts.get(accountId)) this.#deps.limits.takeConnection(address, this.#deps.now());
    return this.#toSettings(await this.#admit(accountId, origin));
  }

  /** @throws AppError as `readSettings` does, for a page that wants something else of the chat. */
  async assertAllowed(accountId: string, origin: string | undefined): Promise<void> {
    await this.#admit(accountId, origin);
  }

  async #admit(accountId: string, origin: string | undefined): Promise<ChatAccount> {
    const account = await this.#findAccount(accountId);
    this.#checkOrigin(account, origin);
    return account;
  }

  #toSettings(account: ChatAccount): ChatSettings {
    return toChatSettings(account, this.#deps.isSomebodyOnline(account), this.#deps.now());
  }

  async #findAccount(id: string): Promise<ChatAccount> {
    const account = await this.#deps.accounts.find(id);
    if (!account?.chat) throw new AppError('not-found', 'There is no chat with this account id.');
    return { ...account, chat: account.chat };
  }

  /** The reason is counted on the account, so that its admin sees which origin is missing. */
  #checkOrigin(account: ChatAccount, origin: string | undefined): void {
    if (origin === undefined || account.chat.allowsOrigin(origin)) return;
    const shown = toStorableText(origin).slice(0, 200);
    this.#reject(account, `the origin ${shown} is not in allowedOrigins`);
    throw new AppError('forbidden', `This chat does not take visitors from ${shown}: add it to allowedOrigins.`);
  }

  #readIdentity(account: ChatAccount, token: string): VouchedIdentity {
    const verdict = account.chat.verifyIdentity(token, this.#deps.now());
    if (verdict.ok) return verdict.identity;
    this.#reject(account, `the identity of a visitor: ${verdict.reason}`);
    throw new AppError('unauthenticated', `The signed identity ${verdict.reason}.`, {
      errors: [{ path: 'identity', message: verdict.reason }],
    });
  }

  #reject(account: ChatAccount, reason: string): void {
    this.#deps.accounts.countRejection(account.id, reason, this.#deps.now());
    this.#deps.metrics.eventsRejected.inc({ kind: account.kind });
  }

  /** The first thing a widget hears. */
  async welcome(session: ChatSession): Promise<ChatWelcome> {
    const { db, files, now } = this.#deps;
    const settings = this.#toSettings(await this.#findAccount(session.accountId));
    if (session.hasSignedIn) await this.#store(session, { type: 'profile' });
    const customer = await findVisitorCustomer(db, session);
    const { identity } = session.visitor;
    const claimed = customer?.identities.find((one) => one.claimed && one.kind === 'email')?.value ?? '';
    return {
      visitorToken: session.newToken,
      identified: identity !== null,
      profile: {
        name: identity?.name || (customer?.name ?? ''),
        email: identity?.email ?? claimed,
      },
      uploadKey: files.createUploadKey(session),
      settings,
      serverTime: now(),
    };
  }

  /** Anything a widget says costs something, also what turns out to be nonsense. */
  takeEvent(session: ChatSession): void {
    this.#take('event', session);
  }

  #take(action: 'event' | 'message' | 'profile', session: ChatSession): void {
    this.#deps.limits.take(action, session.visitorId, session.address, this.#deps.now());
  }

  async acceptMessage(session: ChatSession, payload: unknown): Promise<ChatAccepted> {
    const { id, text, attachmentIds } = parseChat(chatMessageSchema, payload);
    this.#take('message', session);
    await this.#deps.files.assertOwn(session, attachmentIds);
    return { id, at: await this.#store(session, { type: 'message', id, text, attachmentIds }) };
  }

  async acceptProfile(session: ChatSession, payload: unknown): Promise<ChatAccepted> {
    const profile = parseChat(chatProfileSchema, payload);
    this.#take('profile', session);
    return { id: session.visitorId, at: await this.#store(session, { type: 'profile', ...profile }) };
  }

  /** @throws AppError `not-found` for a conversation of somebody else, `conflict` where there is nothing to rate. */
  async acceptRating(session: ChatSession, payload: unknown): Promise<ChatAccepted> {
    const { conversationId, score, comment } = parseChat(chatRatingSchema, payload);
    this.#take('profile', session);
    const account = await this.#findAccount(session.accountId);
    const conversation = await findOwnConversation(this.#deps.db, session, conversationId);
    if (!conversation) throw new AppError('not-found', 'There is no such conversation.');
    const { satisfaction } = conversation;
    // The same again is a widget that did not hear the first answer.
    if (satisfaction?.score === score && satisfaction.comment === comment)
      return { id: conversationId, at: satisfaction.at };
    if (satisfaction) throw new AppError('conflict', 'This conversation has been rated.');
    if (!account.chat.settings.askRating || conversation.status !== 'resolved') {
      throw new AppError('conflict', 'This conversation cannot be rated now.');
    }
    return { id: conversationId, at: await this.#store(session, { type: 'rating', conversationId, score, comment }) };
  }

  /** Receipts that say nothing new, or speak of messages that are not the visitor's, are dropped. */
  async acceptReceipt(session: ChatSession, payload: unknown): Promise<void> {
    const receipt = parseChat(chatReceiptSchema, payload);
    const { db } = this.#deps;
    const read = await findUnreported(db, session, receipt.read, 'read');
    const delivered = await findUnreported(db, session, receipt.delivered, 'delivered');
    if (read.length + delivered.length === 0) return;
    await this.#store(session, { type: 'receipt', delivered: delivered.filter((id) => !read.includes(id)), read });
  }

  readHistory(session: ChatSession, payload: unknown): Promise<ChatHistory> {
    const { after, before } = parseChat(chatHistorySchema, payload ?? {});
    return readHistory(this.#deps.history, session, { after: after ?? null, before: before ?? null });
  }

  /**
   * @returns when it was received, once it is committed.
   * @throws AppError `conflict` when the visitor is somebody else by now.
   */
  async #store(session: ChatSession, event: ChatEvent): Promise<number> {
    const { visitors, inbox, accounts, metrics, now } = this.#deps;
    if (session.row === 'none') session.row = (await visitors.keep(session.visitor)) ? 'kept' : 'taken';
    if (session.row === 'taken') throw new AppError('conflict', 'You are signed in elsewhere by now: connect again.');
    const at = now();
    const request: ChatRequest = {
      visitor: session.visitorId,
      vouched: session.visitor.identity,
      language: session.language,
      page: session.page,
      events: [{ ...event, at }],
    };
    const body = Buffer.from(JSON.stringify(request));
    const { topic, laneKey, dedupeKey } = describeChatRequest(request, body);
    await inbox.store({
      accountId: session.accountId,
      topic,
      dedupeKey,
      lane: laneOf(laneKey),
      pathSuffix: '',
      headers: {},
      body,
      bodySha256: null,
      receivedAt: at,
      oneTimeToken: null,
    });
    metrics.eventsIngested.inc({ kind: 'web-chat' });
    accounts.countEvent(session.accountId, at);
    return at;
  }
}

/** Where the visitor is, for the agent: a page of the web, without what follows `#` and without a password. */
function toPage(text: string | null): string | null {
  const url = text === null ? null : URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  url.username = '';
  url.password = '';
  url.hash = '';
  return url.href.slice(0, 2_000);
}
