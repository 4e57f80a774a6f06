import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import type {
  ChatAccepted,
  ChatConversation,
  ChatHistory,
  ChatMessage,
  ChatProblem,
  ChatWelcome,
} from '@tradewind/shared/chat/wire';
import { io, type Socket } from 'socket.io-client';

/** A widget without its looks: real socket, everything it was told. */
export interface TestWidget {
  socket: Socket;
  welcome: ChatWelcome;
  token: string;
  /** Messages as they stand, by id, in order of display. */
  messages(): ChatMessage[];
  /** How often each message was handed over. */
  told: ChatMessage[];
  conversations: ChatConversation[];
  seen: number[];
  typing: { typing: boolean; name: string }[];
  send(text: string, id?: string, attachmentIds?: string[]): Promise<ChatAccepted & ChatProblem>;
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
  ask(event: string, payload?: unknown): Promise<any>;
  history(payload?: unknown): Promise<ChatHistory>;
  close(): void;
}

export interface WidgetOptions {
  token?: string | null;
  identity?: string;
  origin?: string;
  auth?: Record<string, unknown>;
}

export const newId = () => randomUUID();
export const newToken = () => randomBytes(32).toString('base64url');

/** @throws what the server's `connect_error` says, as `Error` with `data`. */
export async function openWidget(url: string, accountId: string, options: WidgetOptions = {}): Promise<TestWidget> {
  const socket = io(`${url}/chat`, {
    auth: {
      accountId,
      ...(options.token === undefined ? {} : { visitorToken: options.token }),
      ...(options.identity === undefined ? {} : { identity: options.identity }),
      ...options.auth,
    },
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    ...(options.origin === undefined ? {} : { extraHeaders: { origin: options.origin } }),
  });
  const told: ChatMessage[] = [];
  const conversations: ChatConversation[] = [];
  const seen: number[] = [];
  const typing: { typing: boolean; name: string }[] = [];
  socket.on('messages', ({ messages }: { messages: ChatMessage[] }) => told.push(...messages));
  socket.on('conversation', (conversation: ChatConversation) => conversations.push(conversation));
  socket.on('seen', ({ order }: { order: number }) => seen.push(order));
  socket.on('typing', (signal: { typing: boolean; name: string }) => typing.push(signal));
  const welcome = await new Promise<ChatWelcome>((resolve, reject) => {
    socket.once('welcome', resolve);
    socket.once('connect_error', (error) => {
      socket.close();
      reject(error);
    });
  });
  const ask = (event: string, payload?: unknown) => socket.timeout(20_000).emitWithAck(event, payload);
  return {
    socket,
    welcome,
    token: welcome.visitorToken ?? options.token ?? '',
    told,
    conversations,
    seen,
    typing,
    messages: () =>
      [...new Map(told.map((message) => [message.id, message])).values()].sort(
        (a, b) => a.at - b.at || a.order - b.order,
      ),
    send: (text, id = newId(), attachmentIds = []) => ask('message', { id, text, attachmentIds }),
    ask,
    history: (payload = {}) => ask('history', payload),
    close: () => socket.close(),
  };
}

/** A JWT as a shop's backend makes it. */
export function signIdentity(
  secret: string,
  claims: Record<string, unknown>,
  header: unknown = { alg: 'HS256', typ: 'JWT' },
) {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = `${encode(header)}.${encode(claims)}`;
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
}
