import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChatAccepted, ChatHistory, ChatMessage, ChatProblem } from '@tradewind/shared/chat/wire';
import { createUuidV7 } from '@tradewind/shared/ids';
import { pino } from 'pino';
import { io, type Socket } from 'socket.io-client';
import { afterEach, expect, test, vi } from 'vitest';
import { parseConfig } from '../src/config/config.ts';
import { findFreePort } from '../src/db/embedded/port.ts';
import { startServer } from '../src/main.ts';
import { findConversation, IDENTITY_SECRET, startChatDesk } from './chat-desk.ts';
import { newId, newToken, openWidget, signIdentity } from './chat-widget.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

test('two servers on one database: visitors on one, agents on the other', async () => {
  const { desk, accountId } = await startChatDesk();
  ends.push(() => desk.close());
  const second = await startServer(
    { ...parseConfig({ TRADEWIND_DATA: desk.dataDir }, ['--no-demo', '--headless']), port: 0 },
    { databaseUrl: desk.database.connectionString, dataDir: desk.dataDir, log: pino({ level: 'silent' }) },
  );
  ends.push(() => second.close());
  const token = newToken();
  const [here, there] = [
    await openWidget(desk.url, accountId, { token }),
    await openWidget(second.address, accountId, { token }),
  ];
  ends.push(here.close, there.close);
  await here.send('from the first server');
  await vi.waitFor(() => expect(there.messages()).toHaveLength(1));
  const conversation = await findConversation(desk, 'from the first server');
  const command = { id: createUuidV7(), type: 'reply', conversationId: conversation.id, seenMessageId: null };
  const answer = await fetch(`${second.address}/api/commands`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${desk.mei.token}` },
    body: JSON.stringify({ commands: [{ ...command, text: 'from the second' }] }),
  });
  expect(answer.status).toBe(200);
  await vi.waitFor(() => expect(here.messages().map((one) => one.text)).toContain('from the second'));
  expect(there.messages()).toEqual(here.messages());
  await there.send('once more', newId());
  await vi.waitFor(() => expect(here.messages()).toHaveLength(3));
  // Who signs in on one server is not read by his token alone on the other either.
  const anonymous = newToken();
  const tab = await openWidget(desk.url, accountId, { token: anonymous });
  ends.push(tab.close);
  await tab.send('before I sign in');
  const cut = vi.fn();
  tab.socket.once('disconnect', cut);
  const identity = signIdentity(IDENTITY_SECRET, { sub: '17', exp: Math.floor(Date.now() / 1_000) + 600 });
  ends.push((await openWidget(second.address, accountId, { token: anonymous, identity })).close);
  await vi.waitFor(() => expect(cut.mock.lastCall?.[0]).toBe('io server disconnect'));
  // Read on the second server, told on the first.
  const console = io(second.address, { auth: { token: desk.mei.token }, transports: ['websocket'], forceNew: true });
  ends.push(() => console.close());
  const { items } = await desk.mei.get(`/api/conversations/${conversation.id}/messages`);
  console.emit('seen', { conversationId: conversation.id, messageId: items.at(-1).id });
  await vi.waitFor(() => expect(here.seen.at(-1)).toBe(here.messages()[2]?.order));
  // Keys of one server are good at the other.
  const upload = await fetch(`${second.address}/chat/files`, {
    method: 'POST',
    headers: { 'x-chat-key': here.welcome.uploadKey, 'x-file-name': 'a.txt', 'content-type': 'text/plain' },
    body: 'hello',
  });
  expect(upload.status).toBe(201);
  expect(await (await fetch(desk.url + ((await upload.json()) as { url: string }).url)).text()).toBe('hello');
});

/** A widget that keeps what it is told to send until it is acknowledged, as the real one does. */
class PatientWidget {
  readonly messages = new Map<string, ChatMessage>();
  readonly #waiting = new Map<string, string>();
  readonly socket: Socket;

  constructor(url: string, accountId: string) {
    const auth = { accountId, visitorToken: newToken() };
    this.socket = io(`${url}/chat`, {
      auth,
      transports: ['websocket'],
      reconnectionDelay: 50,
      reconnectionDelayMax: 200,
    });
    this.socket.on('messages', (page) => this.#keep(page));
    this.socket.on('welcome', async () => {
      this.#keep(await this.#ask<ChatHistory>('history', {}));
      for (const [id, text] of this.#waiting) void this.#send(id, text);
    });
  }

  say(text: string): void {
    const id = newId();
    this.#waiting.set(id, text);
    void this.#send(id, text);
  }

  get isDone(): boolean {
    return this.#waiting.size === 0;
  }

  #keep({ messages }: { messages?: ChatMessage[] }): void {
    for (const message of messages ?? []) this.messages.set(message.id, message);
  }

  async #send(id: string, text: string): Promise<void> {
    if (!this.socket.connected) return;
    const answer = await this.#ask<ChatAccepted & ChatProblem>('message', { id, text });
    if (answer.id === id) this.#waiting.delete(id);
    else if (answer.problem) setTimeout(() => void this.#send(id, text), answer.problem.retryAfterMs ?? 500);
  }

  /** Nothing when the line broke: the next connection tries again. */
  async #ask<T>(event: string, payload: unknown): Promise<T | Record<string, never>> {
    try {
      return await this.socket.timeout(3_000).emitWithAck(event, payload);
    } catch {
      return {};
    }
  }
}

test('[R1][R2] kill -9 of the server, three times in the middle of a talk: nothing lost, nothing doubled', {
  timeout: 240_000,
  retry: 0, // what is lost or doubled once in many runs is a bug too
}, async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tradewind-chat-'));
  await chmod(dataDir, 0o755);
  ends.push(() => rm(dataDir, { recursive: true, force: true }));
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  let child = await start(dataDir, port);
  ends.push(async () => {
    child.send({ kind: 'stop' });
    await once(child, 'exit');
  });
  const api = await logIn(url);
  const { id: accountId } = await api('POST', '/api/channels', {
    ...{ kind: 'web-chat', name: 'Chat', teamIds: [], config: { allowedOrigins: ['https://www.shop.example'] } },
  });
  const widgets = Array.from({ length: 4 }, () => new PatientWidget(url, accountId));
  ends.push(() => widgets.map((widget) => widget.socket.close()));
  const said: string[] = [];
  const sayAll = () => {
    for (const widget of widgets) {
      const text = `message ${said.length}`;
      said.push(text);
      widget.say(text);
    }
  };
  sayAll();
  const conversations = await vi.waitFor(async () => {
    const { items } = await api('GET', `/api/conversations?channelAccountId=${accountId}`);
    expect(items).toHaveLength(4);
    return items as { id: string }[];
  });
  const replies: string[] = [];
  const work: Promise<unknown>[] = [];
  for (let round = 0; round < 3; round++) {
    for (let step = 0; step < 3; step++) {
      sayAll();
      for (const { id } of conversations) {
        const text = `reply ${replies.length}`;
        replies.push(text);
        work.push(replyUntilAnswered(api, id, text));
      }
      await sleep(40 + 60 * round);
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    sayAll();
    child = await start(dataDir, port);
  }
  await Promise.all(work);
  await vi.waitFor(() => expect(widgets.every((widget) => widget.isDone)).toBe(true), { timeout: 60_000 });
  // An attempt that was under way when the server died starts over when its lease has lapsed.
  await vi.waitFor(
    () => {
      const texts = widgets.flatMap((widget) => [...widget.messages.values()].map((message) => message.text));
      expect(texts.toSorted()).toEqual([...said, ...replies].toSorted());
    },
    { timeout: 90_000, interval: 250 },
  );
  const { items } = await api('GET', `/api/messages?channelAccountId=${accountId}&limit=200`);
  expect(items).toHaveLength(said.length + replies.length);
  expect((await api('GET', `/api/conversations?channelAccountId=${accountId}`)).items).toHaveLength(4);
  expect((await api('GET', '/api/dead-letters')).items).toEqual([]);
});

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
type Call = (method: string, path: string, body?: unknown) => Promise<any>;

async function logIn(url: string): Promise<Call> {
  let token = '';
  const call: Call = async (method, path, body) => {
    const response = await fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
    return response.json();
  };
  const login = { email: 'admin@shop.example', password: 'a long enough password' };
  ({ token } = await call('POST', '/api/auth/login', login));
  return call;
}

/** Sends the same command until it is answered, as a console does. */
async function replyUntilAnswered(api: Call, conversationId: string, text: string): Promise<void> {
  const command = { id: createUuidV7(), type: 'reply', conversationId, text, seenMessageId: null };
  for (;;) {
    try {
      const { results } = await api('POST', '/api/commands', { commands: [command] });
      expect(results[0]).toMatchObject({ status: 'applied' });
      return;
    } catch (error) {
      if (!(error instanceof Error) || !/fetch failed|: 5\d\d$/.test(error.message)) throw error;
      await sleep(100);
    }
  }
}

async function start(dataDir: string, port: number): Promise<ChildProcess> {
  const child = fork(new URL('./server-process.ts', import.meta.url), [dataDir, String(port), '500'], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) =>
      Promise.reject(new Error(`the server ended with code ${code} while starting`)),
    ),
  ]);
  return child;
}
