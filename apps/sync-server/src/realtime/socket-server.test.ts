import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ChangesFrame } from '@tradewind/shared/protocol/sync';
import { pino } from 'pino';
import { io, type Socket } from 'socket.io-client';
import { afterEach, expect, test, vi } from 'vitest';
import type { AuthSession } from '../auth/session.ts';
import { createMetrics } from '../observability/metrics.ts';
import { SocketServer } from './socket-server.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

function buildSession(accessVersion: number): AuthSession {
  const agent = { id: 'mei', email: '', name: 'Mei', role: 'agent' as const, teamIds: [`v${accessVersion}`] };
  return { sessionId: 's', agent: { ...agent, accessVersion } };
}

/** A socket server whose sessions the test decides, and the number of members each feed group has. */
async function start(resolveToken: (token: string) => Promise<AuthSession | null>) {
  const members = new Map<string, number>();
  const server = createServer();
  const sockets = new SocketServer(server, {
    log: pino({ level: 'silent' }),
    metrics: createMetrics(),
    resolveToken,
    readCookieToken: () => null,
    isOwnOrigin: () => false,
    findAccessChange: async ({ accessVersion }) => ({ lost: [], gained: [], accessVersion }),
    checkCheckpoint: async () => undefined,
    joinFeed: ({ teamIds }) => {
      const key = teamIds.join();
      members.set(key, (members.get(key) ?? 0) + 1);
      return key;
    },
    leaveFeed: (key) => members.set(key, (members.get(key) ?? 0) - 1),
    runCommands: async () => undefined,
    welcomeSignals: () => undefined,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => sockets.close());
  const connect = (options: Parameters<typeof io>[1] = { auth: { token: 't' } }): Socket => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const socket = io(url, { transports: ['websocket'], reconnection: false, ...options });
    ends.push(async () => socket.disconnect());
    return socket;
  };
  return { sockets, members, connect };
}

test('[R15] access that changes during the handshake is not the old one for as long as the socket lives', async () => {
  let looks = 0;
  const { members, connect } = await start(async () => buildSession(looks++ === 0 ? 1 : 2));
  const told = new Promise((resolve) => connect().on('access-changed', resolve));
  expect(await told).toMatchObject({ accessVersion: 2 });
  expect([members.get('v1'), members.get('v2')]).toEqual([0, 1]);
});

test('[R15] a session that ends during the handshake has no socket', async () => {
  let looks = 0;
  const { members, connect } = await start(async () => (looks++ === 0 ? buildSession(1) : null));
  await new Promise((resolve) => connect().on('disconnect', resolve));
  expect(members.get('v1')).toBe(0);
});

test('a socket that goes while its access is looked up leaves its group once', async () => {
  let version = 1;
  const looking = Promise.withResolvers<void>();
  const { sockets, members, connect } = await start(async () => {
    if (version === 2) await looking.promise;
    return buildSession(version);
  });
  const [goes] = [connect(), connect()];
  await vi.waitFor(() => expect(members.get('v1')).toBe(2));
  await new Promise((resolve) => setTimeout(resolve, 50)); // both have been greeted
  version = 2;
  const refreshed = sockets.refreshAgents(['mei']);
  goes?.disconnect();
  await vi.waitFor(() => expect(members.get('v1')).toBe(1));
  looking.resolve();
  await refreshed;
  expect([members.get('v1'), members.get('v2')]).toEqual([0, 1]);
});

test.each(['websocket', 'polling'])('the desktop app proves its session by header (%s)', async (transport) => {
  const tokens: string[] = [];
  const { connect } = await start(async (token) => {
    tokens.push(token);
    return buildSession(1);
  });
  const extraHeaders = { authorization: 'Bearer a-session-token' };
  await new Promise<void>((resolve) => connect({ transports: [transport], extraHeaders }).on('connect', resolve));
  expect(new Set(tokens)).toEqual(new Set(['a-session-token']));
});

test('a handshake that proves nothing is refused', async () => {
  const { connect } = await start(async () => buildSession(1));
  const refused = await new Promise<Error>((resolve) => connect({ auth: {} }).on('connect_error', resolve));
  expect(refused.message).toBe('Sign in first.');
});

test('[R7] a socket that does not keep up gets no more frames, and hears at last that it has to pull; others get all', async () => {
  const { sockets, members, connect } = await start(async () => buildSession(1));
  const [slow, quick] = [connect(), connect()];
  const heard = { slow: [] as ChangesFrame[], quick: [] as ChangesFrame[] };
  slow.on('changes', (frame: ChangesFrame) => heard.slow.push(frame));
  quick.on('changes', (frame: ChangesFrame) => heard.quick.push(frame));
  await vi.waitFor(() => expect(members.get('v1')).toBe(2));
  // The client's end of the TCP connection: what the kernels do not take stays with the server.
  const { ws } = slow.io.engine.transport as unknown as { ws: { pause(): void; resume(): void } };
  ws.pause();
  const count = 60;
  const doc = { id: 'm', text: 'x'.repeat(500_000) };
  const changes = [{ seq: 1, createdSeq: 1, collection: 'message' as const, id: 'm', doc }];
  for (let seq = 1; seq <= count; seq++) {
    sockets.send('v1', { fromSeq: seq - 1, toSeq: seq, checkpoint: `c${seq}`, serverTime: 1, changes });
    await vi.waitFor(() => expect(heard.quick).toHaveLength(seq), { interval: 2 });
  }
  ws.resume();
  await vi.waitFor(() => expect(heard.slow.at(-1)?.toSeq).toBe(count), { timeout: 10_000 });
  expect(heard.slow.length).toBeLessThan(count / 2);
  expect(heard.slow.at(-1)).toMatchObject({ fromSeq: count, checkpoint: `c${count}`, accessVersion: 1, changes: [] });
  // It takes frames again.
  sockets.send('v1', { fromSeq: count, toSeq: count + 1, checkpoint: 'next', serverTime: 1, changes });
  await vi.waitFor(() => expect(heard.slow.at(-1)).toMatchObject({ fromSeq: count, changes }));
}, 30_000);
