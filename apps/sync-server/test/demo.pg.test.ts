import { startDemo } from '@tradewind/fault-lab/demo';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { spreadSample } from '../src/launch/spread-sample.ts';
import { startTestDesk, type TestDesk } from './desk.ts';

// The sample shop plays through the real paths: forty conversations and twelve orders at once, many of the same people.
let desk: TestDesk;
beforeAll(async () => {
  desk = await startTestDesk();
});
afterAll(() => desk.close());

async function runDemo(): Promise<string[]> {
  const mishaps: string[] = [];
  const demo = await startDemo({
    serverUrl: desk.url,
    admin: { email: 'admin@shop.example', password: 'a long enough password' },
    log: (message) => mishaps.push(message),
  });
  await demo.close();
  // The platforms' last reports may still be on their way in.
  await vi.waitFor(async () => expect((await countAll()).waiting).toBe(0), { timeout: 20_000, interval: 200 });
  return mishaps;
}

async function countAll() {
  const { rows } = await desk.database.pool.query(`
    select (select count(*)::int from conversations) as conversations,
           (select count(*)::int from messages) as messages,
           (select count(*)::int from orders) as orders,
           (select count(*)::int from customers) as customers,
           (select count(*)::int from inbound_states where state = 'dead') as dead,
           (select count(*)::int from inbound_states where state = 'pending') as waiting`);
  return rows[0];
}

test('the desk is filled once, whatever is restarted, and nothing becomes a dead letter', async () => {
  expect(await runDemo()).toEqual([]);
  const filled = await countAll();
  expect(filled).toMatchObject({ conversations: 80, orders: 120, customers: 60, dead: 0 });
  expect(await runDemo()).toEqual([]);
  expect(await countAll()).toEqual(filled);
});

test('failed, unknown and delivered replies are to be seen', async () => {
  const statuses = async () => {
    const { rows } = await desk.database.pool.query(
      `select doc ->> 'status' as status, count(*)::int as n from messages where doc ->> 'direction' = 'out' group by 1`,
    );
    return Object.fromEntries(rows.map((row) => [row.status, row.n]));
  };
  expect(await statuses()).toMatchObject({ failed: 3, unknown: 1 });
});

test('a new demo looks as if it had been worked with for days; a later start moves nothing', async () => {
  const { db, pool } = desk.database;
  await spreadSample(db, 0);
  const { rows } = await pool.query(`
    select (max(v.last_message_at) - min(v.last_message_at)) / 3600000 as hours,
           count(*) filter (where v.last_message_at <> (select max(sent_at) from messages m where m.conversation_id = v.id and m.kind <> 'note')) as untrue,
           count(*) filter (where (v.doc ->> 'createdAt')::bigint < (select (c.doc ->> 'createdAt')::bigint from customers c where c.id = v.customer_id)) as earlier
    from conversations v`);
  expect(rows[0]).toMatchObject({ untrue: 0, earlier: 0 });
  expect(rows[0].hours).toBeGreaterThan(48);
  const head = () => pool.query('select max(seq) from change_log').then((result) => result.rows[0].max);
  const before = await head();
  await spreadSample(db, Date.now());
  expect(await head()).toBe(before);
});
