import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { requestJson } from '../../../desktop/e2e/support/http.ts';

interface Message {
  id: string;
  conversationId: string;
  direction: 'in' | 'out';
  text: string;
  status: string;
  attachments: { name: string; sizeBytes: number }[];
}

interface Conversation {
  id: string;
  status: string;
  satisfaction?: { score: number; comment: string };
}

interface Customer {
  id: string;
  name: string;
  emails: string[];
  identities: { kind: string; value: string; claimed?: boolean }[];
}

/** Whoever answers: through the API and the live socket, as the console does. */
export class Agent {
  readonly #url: string;
  readonly token: string;
  #socket: Socket | null = null;

  constructor(url: string, token: string) {
    this.#url = url;
    this.token = token;
  }

  get<T>(path: string): Promise<T> {
    return requestJson<T>(`${this.#url}${path}`, { token: this.token });
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return requestJson<T>(`${this.#url}${path}`, { token: this.token, body });
  }

  async conversations(accountId: string): Promise<Conversation[]> {
    return (await this.get<{ items: Conversation[] }>(`/api/conversations?channelAccountId=${accountId}`)).items;
  }

  /** Messages of an account, oldest first. */
  async messages(accountId: string): Promise<Message[]> {
    return (await this.get<{ items: Message[] }>(`/api/messages?channelAccountId=${accountId}&order=asc`)).items;
  }

  customers(): Promise<{ items: Customer[] }> {
    return this.get('/api/customers');
  }

  async #run(...commands: object[]): Promise<void> {
    const { results } = await this.post<{ results: { status: string }[] }>('/api/commands', {
      commands: commands.map((command) => ({ id: randomUUID(), ...command })),
    });
    const refused = results.find(({ status }) => status !== 'applied');
    if (refused) throw new Error(`not applied: ${JSON.stringify(refused)}`);
  }

  /** The visitor's newest message; waits for the first, which is there a moment after it was accepted. */
  async #newest(accountId: string): Promise<Message> {
    for (let tries = 0; tries < 100; tries++) {
      const newest = (await this.messages(accountId)).findLast(({ direction }) => direction === 'in');
      if (newest !== undefined) return newest;
      await setTimeout(50);
    }
    throw new Error('no visitor has written');
  }

  /** Answers the visitor who wrote last. */
  async reply(accountId: string, ...texts: string[]): Promise<void> {
    const { conversationId } = await this.#newest(accountId);
    await this.#run(...texts.map((text) => ({ type: 'reply', conversationId, text })));
  }

  async resolve(accountId: string): Promise<void> {
    const { conversationId } = await this.#newest(accountId);
    await this.#run({ type: 'set-status', conversationId, status: 'resolved' });
  }

  /** Sits down at the desk. */
  async goOnline(): Promise<void> {
    const socket = io(this.#url, { auth: { token: this.token }, transports: ['websocket'], forceNew: true });
    this.#socket = socket;
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
  }

  goOffline(): void {
    this.#socket?.disconnect();
    this.#socket = null;
  }

  async type(accountId: string, typing: boolean): Promise<void> {
    const { conversationId } = await this.#newest(accountId);
    this.#socket?.emit('typing', { conversationId, typing });
  }

  /** Has the visitor's newest message on screen. */
  async see(accountId: string): Promise<void> {
    const { conversationId, id: messageId } = await this.#newest(accountId);
    this.#socket?.emit('seen', { conversationId, messageId });
  }
}
