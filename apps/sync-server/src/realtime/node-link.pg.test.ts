import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { ChangeBus } from '../replication/change-log.ts';
import { NodeLink } from './node-link.ts';

let database: TestDatabase;
let listener: pg.Client;
const said: string[] = [];
const links: NodeLink[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  listener = new pg.Client({ connectionString: database.connectionString });
  await listener.connect();
  await listener.query('listen tradewind_nodes');
  listener.on('notification', ({ payload = '' }) => said.push(payload));
});
afterAll(async () => {
  for (const link of links) await link.stop();
  await listener.end();
  await database.close();
});

/** A node that remembers what it was told, and how often the log was said to have grown. */
function startLink(nodeId: string) {
  const bus = new ChangeBus();
  const link = new NodeLink({
    connectionString: database.connectionString,
    nodeId,
    bus,
    log: pino({ level: 'silent' }),
    now: Date.now,
  });
  const told = new Map<string, unknown>();
  const heads: number[] = [];
  link.onTold('agent', (from, key, value) => told.set(`${from} ${key}`, value));
  bus.on('head', (seq) => heads.push(seq));
  links.push(link);
  link.start();
  return { link, bus, told, heads };
}

test('what is told in masses leaves in pieces of at most one kilobyte, the newest word about each thing', async () => {
  const [a, b] = [startLink('a'), startLink('b')];
  a.link.provide(() => [['agent', 'first', 'state of before']]);
  await vi.waitFor(() => expect(b.told.get('a first')).toBe('state of before'));
  said.length = 0;
  for (let round = 0; round < 5; round++) {
    for (let number = 0; number < 40; number++) a.link.tell('agent', `agent-${number}`, `state ${round} 在线`);
  }
  await vi.waitFor(() => expect(b.told.get('a agent-39')).toBe('state 4 在线'));
  expect([...b.told].filter(([, value]) => value === 'state 4 在线')).toHaveLength(40);
  for (const payload of said) expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(1_000);
  const entries = said.flatMap((payload) => JSON.parse(payload)[1] as unknown[]);
  expect(entries.length).toBeLessThan(80);
});

test('a word that is too long for any message does not hold up the others', async () => {
  const [c, d] = [startLink('c'), startLink('d')];
  await vi.waitFor(() => expect(said.some((payload) => payload.startsWith('["d"'))).toBe(true));
  await vi.waitFor(() => {
    c.link.tell('agent', 'long', 'x'.repeat(2_000));
    c.link.tell('agent', 'short', 'y');
    expect(d.told.get('c short')).toBe('y');
  });
  expect(d.told.has('c long')).toBe(false);
});

test('that the log has grown is told to other nodes, and by them to nobody', async () => {
  const [e, f] = [startLink('e'), startLink('f')];
  await vi.waitFor(() => {
    e.bus.announce((e.heads.at(-1) ?? 0) + 1);
    expect(f.heads.length).toBeGreaterThan(0);
  });
  expect(f.heads.every((seq) => e.heads.includes(seq))).toBe(true);
  expect(new Set(e.heads).size).toBe(e.heads.length);
});
