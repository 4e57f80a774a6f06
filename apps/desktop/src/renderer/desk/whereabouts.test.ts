import { buildChannel, buildConversation, buildMessage } from '@tradewind/shared/testing/builders';
import { expect, onTestFinished, test, vi } from 'vitest';
import { FakeServer } from '../replication/testing/fake-server.ts';
import { TestDevice } from './testing/open-test-desk.ts';

const CHAT = 'conversation-1';
const until = (condition: () => unknown) => vi.waitFor(() => expect(condition()).toBeTruthy(), { interval: 1 });

async function openOnline(device = new TestDevice(), server = new FakeServer('agent-1')) {
  server.commit(
    ['directory', buildChannel({ channelKind: 'web-chat' })],
    ['conversation', buildConversation({ channelKind: 'web-chat', participants: ['visitor-1'], customerId: '' })],
    ['message', buildMessage()],
  );
  const desk = await device.start(server);
  onTestFinished(() => desk.close());
  await until(() => desk.connection.kind === 'online');
  return { desk, device, server };
}

test('what the agent chose is said on every connection and kept over restarts', async () => {
  const { desk, device, server } = await openOnline();
  expect(server.heard).toEqual([{ word: 'presence', state: 'online' }]);
  desk.setPresence('away');
  desk.setPresence('away');
  expect(desk.whereabouts.own).toBe('away');
  server.cut();
  await until(() => desk.connection.kind === 'offline');
  device.passTime();
  await until(() => desk.connection.kind === 'online');
  const away = { word: 'presence', state: 'away' };
  expect(server.heard.slice(1)).toEqual([away, away]);
  await desk.close();
  expect((await openOnline(device)).desk.whereabouts.own).toBe('away');
});

test('colleagues are here, away or gone as the server tells; without a connection nobody can tell', async () => {
  const { desk, server } = await openOnline();
  expect(desk.whereabouts.presences).toBeNull();
  server.tellPresence({ 'agent-1': 'online', 'agent-2': 'away' });
  expect([...(desk.whereabouts.presences ?? [])]).toEqual([
    ['agent-1', 'online'],
    ['agent-2', 'away'],
  ]);
  server.cut();
  await until(() => desk.connection.kind === 'offline');
  expect(desk.whereabouts.presences).toBeNull();
});

test('a visitor writes until he stops, is silent for some seconds, or the connection is lost', async () => {
  const { desk, device, server } = await openOnline();
  const isTyping = () => desk.whereabouts.isTyping(CHAT);
  server.tellTyping(CHAT, true);
  expect(isTyping()).toBe(true);
  expect(desk.whereabouts.isTyping('another')).toBe(false);
  server.tellTyping(CHAT, false);
  expect(isTyping()).toBe(false);

  server.tellTyping(CHAT, true);
  server.tellTyping(CHAT, true);
  expect(device.timers).toHaveLength(1);
  device.passTime();
  expect(isTyping()).toBe(false);

  server.tellTyping(CHAT, true);
  server.cut();
  await until(() => desk.connection.kind === 'offline');
  expect(isTyping()).toBe(false);
});

test('what an agent says while there is no connection is lost, not kept for later', async () => {
  const { desk, device, server } = await openOnline();
  desk.sayTyping(CHAT, true);
  desk.saySeen(CHAT, 'message-1');
  server.outage = { kind: 'unreachable', reason: 'no network' };
  server.cut();
  await until(() => desk.connection.kind === 'offline');
  desk.sayTyping(CHAT, true);
  server.outage = null;
  device.passTime();
  await until(() => desk.connection.kind === 'online');
  expect(server.heard.map(({ word }) => word)).toEqual(['presence', 'typing', 'seen', 'presence']);
});

test('the list gives no name for a visitor who has none: his id is no word for people', async () => {
  const { desk } = await openOnline();
  await until(() => desk.model.conversationList('all')?.length === 1);
  expect(desk.model.conversationList('all')?.[0]?.customerName).toBe('');
});

test('in a tab that does not lead, the leader’s news are shown and its clock ends them', async () => {
  const { desk, device } = await openOnline();
  desk.whereabouts.mirror({ 'agent-2': 'online' }, [CHAT], []);
  expect(desk.whereabouts.isTyping(CHAT)).toBe(true);
  expect(device.timers).toEqual([]);
  desk.whereabouts.mirror({}, [], []);
  expect(desk.whereabouts.isTyping(CHAT)).toBe(false);
});

const looks = (agentId: string, state: 'viewing' | 'typing' | 'gone') => ({ conversationId: CHAT, agentId, state });

test('colleagues in a conversation are known while the server says so again, and not without a connection', async () => {
  const { server, desk, device } = await openOnline();
  const told = () => (desk.whereabouts.colleagues.get(CHAT) ?? []).map(({ agentId, state }) => `${agentId} ${state}`);
  server.tellPresent(looks('agent-2', 'viewing'));
  server.tellPresent(looks('agent-3', 'typing'));
  server.tellPresent(looks(desk.agent.id, 'typing'));
  await until(() => told().length === 2);
  expect(told()).toEqual(['agent-2 viewing', 'agent-3 typing']);
  const before = desk.whereabouts.colleagues;
  server.tellPresent(looks('agent-3', 'typing'));
  expect(desk.whereabouts.colleagues).toBe(before);
  server.tellPresent(looks('agent-2', 'gone'));
  expect(told()).toEqual(['agent-3 typing']);
  device.passTime();
  expect(told()).toEqual([]);
  server.tellPresent(looks('agent-2', 'viewing'));
  expect(told()).toEqual(['agent-2 viewing']);
  server.cut();
  await until(() => told().length === 0);
});

test('what the agent has before him is said on every connection', async () => {
  const { server, desk, device } = await openOnline();
  const said = () => server.heard.flatMap((word) => (word.word === 'attention' ? [word.state] : []));
  desk.look(CHAT);
  desk.sayWriting(CHAT, true);
  expect(said()).toEqual(['viewing', 'typing']);
  server.cut();
  await until(() => desk.connection.kind === 'offline');
  device.passTime();
  await until(() => desk.connection.kind === 'online');
  await until(() => said().length > 2);
  desk.look(null);
  expect(said().at(-1)).toBe('gone');
});
