import type { IncomingMessage } from 'node:http';
import { type ChatSettings, chatTypingSchema } from '@tradewind/shared/chat/wire';
import { AppError } from '@tradewind/shared/protocol/errors';
import type { Logger } from 'pino';
import type { Namespace, Socket } from 'socket.io';
import type { ChatFeed, ChatNews } from '../chat/feed.ts';
import type { ChatGateway, ChatSession } from '../chat/gateway.ts';
import { parseChat } from '../chat/input.ts';
import type { VisitorRef } from '../db/queries/chat.ts';
import { toHandshakeError } from './handshake-error.ts';
import { TypingSignal } from './typing-signal.ts';

export interface ChatNamespaceDeps {
  gateway: ChatGateway;
  feed: ChatFeed;
  log: Logger;
  /** Where a request comes from, proxies looked through where they are trusted. */
  addressOf(request: IncomingMessage): string;
  /** Told what a widget knows of its account from now on. */
  noteSettings(settings: ChatSettings): void;
  /** Tells agents that a visitor is typing, or not any more. */
  tellTyping(session: ChatSession, typing: boolean): void;
}

/** Socket.IO namespace `/chat` (packages/shared/src/chat/wire.ts): handshake, events in, news out. Knows no SQL and no rules. */
export class ChatNamespace {
  readonly #namespace: Namespace;
  readonly #deps: ChatNamespaceDeps;
  readonly #underWay = new Set<Promise<void>>();

  constructor(namespace: Namespace, deps: ChatNamespaceDeps) {
    this.#namespace = namespace;
    this.#deps = deps;
    namespace.use((socket, next) => {
      this.#open(socket).then(
        () => next(),
        (error: unknown) => next(toHandshakeError(error, deps.log)),
      );
    });
    namespace.on('connection', (socket) => this.#follow(this.#welcome(socket)));
  }

  async #open(socket: Socket): Promise<void> {
    const { auth, headers } = socket.handshake;
    const address = this.#deps.addressOf(socket.request);
    const session = await this.#deps.gateway.open(auth, headers.origin, address);
    socket.data.session = session;
    if (session.hasSignedIn) this.#cutAnonymous(session);
  }

  /** A visitor who has signed in is not opened by the token alone any more, here neither. */
  #cutAnonymous(session: ChatSession): void {
    for (const socket of this.#namespace.sockets.values()) {
      const other = socket.data.session as ChatSession;
      if (other.visitorId === session.visitorId && !other.visitor.identity) socket.disconnect(true);
    }
  }

  /** The same for who signed in on another server, or at the very moment at which the other tab was let in. */
  async cutOutdated(): Promise<void> {
    const sockets = [...this.#namespace.sockets.values()];
    const outdated = await this.#deps.gateway.findOutdated(sockets.map((socket) => socket.data.session as ChatSession));
    for (const socket of sockets) if (outdated.has(socket.data.session as ChatSession)) socket.disconnect(true);
  }

  async #welcome(socket: Socket): Promise<void> {
    const { gateway, feed, log } = this.#deps;
    const session = socket.data.session as ChatSession;
    const typing = new TypingSignal<ChatSession>(this.#deps.tellTyping);
    const release = gateway.hold(session);
    socket.on('disconnect', () => {
      release();
      typing.stop();
      feed.unwatch(session);
    });
    this.#listen(socket, session, typing);
    try {
      await Promise.all([socket.join([roomOf(session), accountRoomOf(session.accountId)]), feed.watch(session)]);
      const welcome = await gateway.welcome(session);
      this.#deps.noteSettings(welcome.settings);
      socket.emit('welcome', welcome);
    } catch (error) {
      log.warn({ event: 'chat.welcome-failed', err: error }, 'a visitor could not be welcomed');
      socket.disconnect(true); // the widget comes back
    }
  }

  #listen(socket: Socket, session: ChatSession, typing: TypingSignal<ChatSession>): void {
    const { gateway } = this.#deps;
    const on = (event: string, handle: (payload: unknown) => Promise<unknown> | unknown) => {
      socket.on(event, (...given: unknown[]) => this.#follow(this.#answer(socket, session, given, handle)));
    };
    on('message', (payload) => {
      typing.stop();
      return gateway.acceptMessage(session, payload);
    });
    on('history', async (payload) => {
      const history = await gateway.readHistory(session, payload);
      this.#deps.feed.noteConversation(session, history.conversation);
      return history;
    });
    on('profile', (payload) => gateway.acceptProfile(session, payload));
    on('rate', (payload) => gateway.acceptRating(session, payload));
    on('receipt', (payload) => gateway.acceptReceipt(session, payload));
    on('typing', (payload) => {
      if (parseChat(chatTypingSchema, payload).typing) typing.start(session, () => true);
      else typing.stop();
    });
  }

  /** Runs what an event asks for and acknowledges it; an event without acknowledgement is answered by nothing. */
  async #answer(
    socket: Socket,
    session: ChatSession,
    given: readonly unknown[],
    handle: (payload: unknown) => Promise<unknown> | unknown,
  ): Promise<void> {
    const last = given.at(-1);
    const acknowledge = typeof last === 'function' ? (last as (answer: unknown) => void) : null;
    try {
      this.#deps.gateway.takeEvent(session);
      const answer = await handle(typeof given[0] === 'function' ? undefined : given[0]);
      acknowledge?.(answer);
    } catch (error) {
      acknowledge?.({ problem: this.#toProblem(error) });
      if (session.row === 'taken') socket.disconnect(true);
    }
  }

  #toProblem(error: unknown): object {
    if (error instanceof AppError) return error.toProblem();
    this.#deps.log.warn({ event: 'chat.unavailable', err: error }, 'a widget could not be answered; it tries again');
    return new AppError('unavailable', 'The chat is out of reach. Try again in a moment.', {
      retryAfterMs: 2_000,
    }).toProblem();
  }

  #follow(work: Promise<void>): void {
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }

  /** Resolves when nothing a widget asked for is being worked on any more; for the end, when the sockets are closed. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  /** Hands news to all widgets of a visitor that are connected here. */
  deliver(visitor: VisitorRef, news: ChatNews | { event: 'typing'; payload: { typing: boolean; name: string } }): void {
    this.#namespace.to(roomOf(visitor)).emit(news.event, news.payload);
  }

  /** Tells all widgets of an account. */
  tellAccount(accountId: string, event: 'settings', payload: unknown): void {
    this.#namespace.to(accountRoomOf(accountId)).emit(event, payload);
  }

  /** The accounts whose widgets are connected here. */
  connectedAccounts(): string[] {
    const accounts = [...this.#namespace.sockets.values()].map(
      (socket) => (socket.data.session as ChatSession).accountId,
    );
    return [...new Set(accounts)];
  }
}

function roomOf({ accountId, visitorId }: VisitorRef): string {
  return `visitor:${accountId}:${visitorId}`;
}

function accountRoomOf(accountId: string): string {
  return `account:${accountId}`;
}
