import { once } from 'node:events';
import { get as getPlain, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { encodeMultipart } from '@tradewind/fault-lab/http/encode-form';
import { signMailgun } from '@tradewind/fault-lab/mailgun/sign';
import { pino } from 'pino';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseConfig } from '../src/config/config.ts';
import { findFreePort } from '../src/db/embedded/port.ts';
import { type RunningServer, startServer } from '../src/main.ts';
import { makeFolder } from './backed-up-desk.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { isInstalled, type ProxyName, type RunningProxy, startProxy } from './proxy.ts';

// The examples of docs/deployment.md as they are, but for names, ports and certificates.

const MIB = 1024 * 1024;
const LOGIN = { email: 'admin@shop.example', password: 'a long enough password' };
const SPOOFED = '203.0.113.66';

for (const name of ['caddy', 'nginx'] as const satisfies ProxyName[]) {
  describe.skipIf(!isInstalled(name))(`behind ${name} (skipped where it is not installed)`, () => tryProxy(name));
}

function hear(socket: Socket, event: string): Promise<void> {
  return new Promise((resolve) => socket.once(event, () => resolve()));
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

function tryProxy(name: ProxyName): void {
  let proxy: RunningProxy;
  let database: TestDatabase;
  let server: RunningServer;
  let start: () => Promise<RunningServer>;
  let removeFolder: () => Promise<void>;
  let token: string;

  beforeAll(async () => {
    const folder = await makeFolder();
    removeFolder = folder.remove;
    database = await createTestDatabase();
    const [proxyPort, serverPort] = [await findFreePort(), await findFreePort()];
    const config = parseConfig(
      {
        TRADEWIND_ADMIN_EMAIL: LOGIN.email,
        TRADEWIND_ADMIN_PASSWORD: LOGIN.password,
        TRADEWIND_PUBLIC_URL: `https://localhost:${proxyPort}`,
        TRADEWIND_TRUST_PROXY: 'loopback',
        PORT: String(serverPort),
      },
      ['--no-demo', '--headless'],
    );
    const options = { databaseUrl: database.connectionString, dataDir: folder.path, log: pino({ level: 'silent' }) };
    start = () => startServer(config, options);
    server = await start();
    proxy = await startProxy(name, folder.path, proxyPort, serverPort);
  });
  afterAll(async () => {
    await proxy?.stop();
    await server?.close();
    await database?.close();
    await removeFolder?.();
  });

  /** From an address that is neither the proxy's nor the server's, with a claim that nobody may believe. */
  async function send(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: Buffer,
  ): Promise<Answer> {
    const request = httpsRequest(new URL(path, proxy.url), {
      method,
      ca: proxy.ca,
      family: 4,
      localAddress: '127.0.0.2',
      headers: {
        'x-forwarded-for': SPOOFED,
        ...(body === undefined ? {} : { 'content-length': String(body.length) }),
        ...headers,
      },
    });
    request.on('error', () => undefined); // an answer may come before the body has been taken; without one the next line fails
    request.end(body);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    return { status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString() };
  }

  async function call(method: string, path: string, body?: unknown) {
    const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
    const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const answer = await send(method, path, headers, content);
    return { ...answer, body: answer.text === '' ? null : JSON.parse(answer.text) };
  }

  function openSocket(options: object): Socket {
    return io(proxy.url, { transports: ['websocket'], ca: proxy.ca, reconnectionDelay: 100, ...options } as object);
  }

  test('a login: the cookie is Secure, HSTS is on, and the address is that of the person', async () => {
    const cookie = await call('POST', '/api/auth/login', { ...LOGIN, cookie: true });
    expect(cookie.status).toBe(200);
    expect(cookie.headers['set-cookie']?.[0]).toMatch(/; Secure/);
    expect(cookie.headers['strict-transport-security']).toMatch(/^max-age=/);
    token = (await call('POST', '/api/auth/login', LOGIN)).body.token;
    const sessions = await call('GET', '/api/sessions');
    expect(sessions.body.items.map(({ address }: { address: string }) => address)).toEqual(['127.0.0.2', '127.0.0.2']);
    expect((await call('GET', '/api/audit')).text).not.toContain(SPOOFED);
    expect((await send('GET', '/metrics')).status).toBe(401); // not from this machine, whatever it looks like
  });

  test('a browser of its own origin gets a real WebSocket with its cookie, another site none', async () => {
    const login = await call('POST', '/api/auth/login', { ...LOGIN, cookie: true });
    const cookie = login.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const own = openSocket({ extraHeaders: { cookie, origin: proxy.url } });
    await hear(own, 'connect');
    expect(own.io.engine.transport.name).toBe('websocket');
    own.close();
    const foreign = openSocket({ extraHeaders: { cookie, origin: 'https://evil.example' }, reconnection: false });
    await hear(foreign, 'connect_error');
    expect(foreign.connected).toBe(false);
    foreign.close();
  });

  test('a mail of 39 MiB comes in, one of 41 MiB is refused by the server itself', async () => {
    const channel = await call('POST', '/api/channels', {
      kind: 'mailgun',
      name: 'Support',
      teamIds: [],
      config: { signingKey: 'key', apiKey: 'api', domain: 'shop.example', fromAddress: 'support@shop.example' },
    });
    const { pathname, origin } = new URL(channel.body.webhookUrl);
    expect(origin).toBe(proxy.url);
    const post = (bytes: number) => {
      const fields = {
        recipient: 'support@shop.example',
        sender: 'li@example.com',
        from: 'li@example.com',
        subject: 'Pictures',
        'message-headers': '[["Message-Id","<large@example.com>"]]',
        ...signMailgun('key', String(Math.floor(Date.now() / 1000)), `${bytes}`.padEnd(50, 'x')),
      };
      const parts = Object.entries(fields).map(([field, value]) => ({ name: field, value }));
      const file = { name: 'attachment-1', value: Buffer.alloc(bytes, 7), filename: 'a.bin', contentType: 'image/png' };
      const { body, contentType } = encodeMultipart([...parts, file], 'a-boundary');
      return send('POST', pathname, { 'content-type': contentType }, body);
    };
    expect((await post(39 * MIB)).status).toBe(200);
    // Caddy cuts off who still sends half a second after the answer; who has not read it by then asks again, as platforms do.
    const refused = await vi.waitFor(() => post(41 * MIB));
    expect([refused.status, refused.headers['content-type']]).toEqual([413, 'application/problem+json']);
    const { body } = await call('GET', `/api/channels/${channel.body.id}`);
    expect(body.lastRejectReason).toBe('body too large');
  });

  test('the console comes compressed as the server made it, with its own headers', async () => {
    const widget = await send('GET', '/chat/widget.js');
    expect(widget.headers['cross-origin-resource-policy']).toBe('cross-origin');
    const page = await send('GET', '/', { accept: 'text/html' });
    const script = /src="\.?(\/assets\/[^"]+\.js)"/.exec(page.text)?.[1];
    // A checkout in which the console was never built says so itself.
    if (script === undefined) return expect(page.status).toBe(503);
    const answer = await send('GET', script, { 'accept-encoding': 'br, gzip' });
    expect(answer.headers).toMatchObject({
      'content-encoding': 'br',
      'cache-control': expect.stringContaining('immutable'),
    });
    expect(answer.headers['content-security-policy']).toContain("script-src 'self'");
  });

  test('the server is started again: consoles come back by themselves', async () => {
    const socket = openSocket({ auth: { token } });
    await hear(socket, 'connect');
    const disconnected = hear(socket, 'disconnect');
    await server.close();
    await disconnected;
    // Caddy lets requests wait for the server; nginx says at once that it is away. Both are repeated by who asked.
    const asked = send('GET', '/healthz');
    if (name === 'nginx') expect((await asked).status).toBe(502);
    const connected = hear(socket, 'connect');
    server = await start();
    await connected;
    await vi.waitFor(async () => expect((await send('GET', '/readyz')).status).toBe(200));
    if (name === 'caddy') expect((await asked).status).toBe(200);
    socket.close();
  });

  test('plain http leads to https', async ({ skip }) => {
    const port = proxy.httpPort;
    if (port === null) return skip('Caddy does this by itself, on port 80');
    const request = getPlain({ port, host: '127.0.0.1', path: '/x?y', headers: { host: 'localhost' } });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.resume();
    expect([response.statusCode, response.headers.location]).toEqual([301, 'https://localhost/x?y']);
  });
}
