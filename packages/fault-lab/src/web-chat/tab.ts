import type {
  ChatAccepted,
  ChatAgentTyping,
  ChatAuth,
  ChatConversation,
  ChatHistory,
  ChatMessages,
  ChatProblem,
  ChatSeen,
  ChatWelcome,
} from '@tradewind/shared/chat/wire';
import { io, type Socket } from 'socket.io-client';

interface FromServer {
  welcome: (welcome: ChatWelcome) => void;
  messages: (page: ChatMessages) => void;
  conversation: (conversation: ChatConversation) => void;
  typing: (typing: ChatAgentTyping) => void;
  seen: (seen: ChatSeen) => void;
}

type Answer<T> = (answer: T | ChatProblem) => void;

interface ToServer {
  message: (message: { id: string; text: string; attachmentIds: string[] }, answer: Answer<ChatAccepted>) => void;
  history: (query: { after?: number; before?: string }, answer: Answer<ChatHistory>) => void;
  profile: (profile: object, answer: Answer<ChatAccepted>) => void;
  rate: (rating: object, answer: Answer<ChatAccepted>) => void;
  typing: (typing: { typing: boolean }) => void;
  receipt: (receipt: { delivered?: string[] | undefined; read?: string[] | undefined }) => void;
}

export type ChatSocket = Socket<FromServer, ToServer>;

const COME_BACK_MS = 200;

/** What a tab tells its visitor. */
export interface TabListener {
  /** Asked at every connection: the token may have come from the server meanwhile. */
  auth(): ChatAuth;
  onWelcome(tab: Tab, welcome: ChatWelcome): void;
  onMessages(tab: Tab, page: ChatMessages): void;
  onConversation(conversation: ChatConversation): void;
  onTyping(typing: ChatAgentTyping): void;
  onSeen(seen: ChatSeen): void;
  /** The server would not let this tab in; it tries again. */
  onRefused(tab: Tab, reason: string, wasReached: boolean): void;
}

/** One open tab of a visitor: one connection, which can be cut. */
export class Tab {
  readonly socket: ChatSocket;
  /** Authorises uploads; null until the server has welcomed this tab. */
  uploadKey: string | null = null;
  /** Events of messages that came to this tab. */
  heard = 0;
  #closed = false;

  constructor(serverUrl: string, origin: string, listener: TabListener) {
    this.socket = io(`${serverUrl}/chat`, {
      auth: (give) => give(listener.auth()),
      transports: ['websocket'],
      extraHeaders: { origin },
      forceNew: true,
      autoConnect: false,
      reconnectionDelay: 200,
      reconnectionDelayMax: 2_000,
    });
    this.socket.on('welcome', (welcome) => {
      this.uploadKey = welcome.uploadKey;
      listener.onWelcome(this, welcome);
    });
    this.socket.on('messages', (page) => {
      this.heard += 1;
      listener.onMessages(this, page);
    });
    this.socket.on('conversation', (conversation) => listener.onConversation(conversation));
    this.socket.on('typing', (typing) => listener.onTyping(typing));
    this.socket.on('seen', (seen) => listener.onSeen(seen));
    this.socket.on('disconnect', (reason) => {
      this.uploadKey = null;
      // Cut in good order by the server, as a node does that cannot look a visitor up just now: Socket.IO would stay away.
      if (reason === 'io server disconnect') setTimeout(() => this.#comeBack(), COME_BACK_MS);
    });
    // Socket.IO tries again by itself where nobody answered, and not where the answer was no.
    this.socket.on('connect_error', (error) => listener.onRefused(this, error.message, !this.socket.active));
    this.socket.connect();
  }

  /** Welcomed: what is sent now is taken. */
  get isReady(): boolean {
    return this.socket.connected && this.uploadKey !== null;
  }

  /** The line is dead at once, without a goodbye; the tab comes back by itself. */
  cut(): void {
    this.uploadKey = null; // not ready until it is welcomed again
    // Socket.IO offers only closing in good order, which a failing network does not do.
    const { transport } = this.socket.io.engine as unknown as { transport?: { ws?: { terminate(): void } } };
    transport?.ws?.terminate();
  }

  #comeBack(): void {
    if (!this.#closed && this.socket.io.reconnection()) this.socket.connect();
  }

  goOffline(): void {
    this.socket.io.reconnection(false);
    this.cut();
  }

  goOnline(): void {
    this.socket.io.reconnection(true);
    this.socket.connect();
  }

  close(): void {
    this.#closed = true;
    this.socket.disconnect();
  }
}
