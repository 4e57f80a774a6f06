import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ChatConversation, ChatMessage, ChatProblem } from '@tradewind/shared/chat/wire';
import { Server, type Socket } from 'socket.io';

export interface ChatServer {
  url: string;
  /** Every `message` that came, in order, also the repeated ones. */
  messages: { id: string; text: string; attachmentIds: string[] }[];
  /** Every handshake. */
  handshakes: { auth: Record<string, unknown>; origin: string | undefined }[];
  /** Everything else a visitor said. */
  events: { event: string; body: unknown }[];
  uploads: { name: string; key: string; content: Buffer }[];
  /** Answers of the next messages, first in first out; accepted when empty. */
  problems: ChatProblem[];
  /** Why the next handshakes are refused, by the signed identity they carry. */
  refuseIdentity: string | null;
  /** An agent writes. */
  answer(id: string, text: string): void;
  /** The conversation of everybody changes. */
  tell(conversation: ChatConversation): void;
  /** Every visitor is sent away, in good order; nobody is refused. */
  cutAll(): void;
  close(): Promise<void>;
}

function toMessage(id: string, author: ChatMessage['author'], text: string, order: number): ChatMessage {
  return {
    id,
    conversationId: 'conversation',
    author,
    authorName: author === 'agent' ? 'Mei' : '',
    text,
    attachments: [],
    at: 1_000 + order,
    order,
    recalled: false,
  };
}

/** Stands where the product's chat would: takes what visitors say, keeps it as it came, and tells it to all their tabs. */
export async function startChatServer(): Promise<ChatServer> {
  const http = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const name = decodeURIComponent(String(request.headers['x-file-name']));
    server.uploads.push({ name, key: String(request.headers['x-chat-key']), content: Buffer.concat(chunks) });
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ id: `file-${server.uploads.length}`, name, sizeBytes: 1, url: null }));
  });
  const io = new Server(http, { serveClient: false });
  const known = new Map<string, ChatMessage>();
  let conversation: ChatConversation = { id: 'conversation', state: 'open', askRating: false, seenOrder: 0 };

  const keep = (message: ChatMessage) => {
    known.set(message.id, message);
    chat.emit('messages', { messages: [message], cursor: message.order });
  };
  const welcome = (socket: Socket) => {
    for (const event of ['typing', 'receipt', 'profile', 'rate']) {
      socket.on(event, (body: unknown, answer?: (answer: object) => void) => {
        server.events.push({ event, body });
        answer?.({ id: event, at: 1 });
      });
    }
    socket.on('message', (message: ChatServer['messages'][number], answer: (answer: object) => void) => {
      server.messages.push(message);
      const problem = server.problems.shift();
      if (problem) return answer(problem);
      if (!known.has(message.id)) keep(toMessage(message.id, 'visitor', message.text, known.size + 1));
      answer({ id: message.id, at: known.get(message.id)?.at ?? 0 });
    });
    socket.on('history', ({ after }: { after?: number }, answer: (answer: object) => void) => {
      const messages = [...known.values()].filter(({ order }) => order > (after ?? 0));
      answer({ messages, cursor: known.size, conversation, hasOlder: false });
    });
    const identified = typeof socket.handshake.auth.identity === 'string';
    socket.emit('welcome', { visitorToken: null, identified, uploadKey: 'key', serverTime: 0 });
  };
  const chat = io.of('/chat');
  chat.use((socket, next) => {
    const { auth, headers } = socket.handshake;
    server.handshakes.push({ auth, origin: headers.origin });
    if (server.refuseIdentity !== null && auth.identity === server.refuseIdentity) next(new Error('has expired'));
    else next();
  });
  chat.on('connection', welcome);

  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const server: ChatServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    messages: [],
    handshakes: [],
    events: [],
    uploads: [],
    problems: [],
    refuseIdentity: null,
    answer: (id, text) => keep(toMessage(id, 'agent', text, known.size + 1)),
    tell: (changed) => {
      conversation = changed;
      chat.emit('conversation', changed);
    },
    cutAll: () => chat.disconnectSockets(true),
    close: () => io.close(),
  };
  return server;
}
