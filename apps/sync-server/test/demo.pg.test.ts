import { startDemo } from '@tradewind/fault-lab/demo';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { spreadSample } from '../src/launch/spread-sample.ts';
import { startTestDesk, type TestDesk } from './desk.ts';

// The sample shop plays through the real paths: forty conversations and twelve orders at once, many of the same people,
// mails signed by the mail service, visitors of the chat on their sockets.
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
  await vi.waitFor(async () => expect((await countAll()).waiting).toBe(0), { interval: 200 });
  return mishaps;
}

async function countAll() {
  const { rows } = await desk.database.pool.query(`
    select (select count(*)::int from conversations) as conversations,
           (select count(*)::int from messages) as messages,
           (select count(*)::int from orders) as orders,
           (select count(*)::int from customers) as customers,
           (select count(*)::int from chat_visitors) as visitors,
           (select count(*)::int from inbound_states where state = 'dead') as dead,
           (select count(*)::int from inbound_states where state = 'pending') as waiting`);
  return rows[0];
}

test('the desk is filled once, whatever is restarted, and nothing becomes a dead letter', {
  timeout: 180_000,
}, async () => {
  expect(await runDemo()).toEqual([]);
  const filled = await countAll();
  expect(filled).toMatchObject({ conversations: 119, orders: 120, visitors: 39, dead: 0 });
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
  const seen = await statuses();
  expect(seen).toMatchObject({ unknown: expect.any(Number) });
  for (const status of ['sent', 'delivered', 'read']) expect(seen[status]).toBeGreaterThan(0);
  const { rows } = await desk.database.pool.query(`
    select distinct doc -> 'failure' ->> 'kind' as kind from messages where doc ->> 'status' = 'failed' order by 1`);
  expect(rows).toEqual([{ kind: 'bounced' }, { kind: 'rejected' }]);
});

test('everything a desk knows is there to be seen', async () => {
  const { rows } = await desk.database.pool.query(`
    select count(distinct doc ->> 'status')::int as statuses,
           count(distinct doc ->> 'assigneeId')::int as assignees,
           count(distinct doc ->> 'teamId')::int as teams,
           count(distinct doc ->> 'channelAccountId')::int as channels,
           count(*) filter (where doc ->> 'channelKind' = 'web-chat')::int as chats,
           count(distinct doc -> 'satisfaction' ->> 'score')::int as scores,
           count(*) filter (where jsonb_array_length(doc -> 'tags') > 0)::int as tagged,
           (select max(n)::int from (select count(*) as n from messages group by conversation_id) lengths) as longest,
           (select count(*)::int from messages where jsonb_array_length(doc -> 'mentions') > 0) as mentions,
           (select count(distinct doc -> 'attachments' -> 0 ->> 'contentType')::int from messages) as files,
           (select count(distinct doc ->> 'status')::int from orders) as orders,
           (select count(*)::int from orders where (doc ->> 'refundedMinor')::bigint between 1 and (doc ->> 'totalMinor')::bigint - 1) as partly,
           (select count(*)::int from customers c where exists (select from orders o where o.customer_id = c.id)
              and not exists (select from conversations v where v.doc ->> 'customerId' = c.id)) as only_orders,
           (select count(*)::int from customers where doc ->> 'name' ~ '[א-ת]' or doc ->> 'name' ~ '[ء-ي]') as right_to_left,
           (select count(*)::int from customers c join customers o on o.id <> c.id and o.doc -> 'identities' @> jsonb_build_array(
              jsonb_build_object('kind', 'email', 'claimed', false, 'value', (select i ->> 'value' from jsonb_array_elements(c.doc -> 'identities') i
                where i ->> 'kind' = 'email' and i -> 'claimed' = 'true')))) as claimed,
           (select count(*)::int from conversations v join chat_visitors s on s.subject is not null
              join orders o on o.customer_id = v.doc ->> 'customerId'
              where v.doc ->> 'channelKind' = 'web-chat') as with_orders
    from conversations`);
  const [desks] = rows;
  expect(desks).toMatchObject({ statuses: 4, teams: 2, channels: 3, chats: 39, files: 3 });
  for (const [what, least] of Object.entries({
    assignees: 4,
    scores: 3,
    tagged: 40,
    longest: 150,
    mentions: 5,
    orders: 5,
    partly: 3,
    only_orders: 2,
    right_to_left: 6,
    claimed: 5,
    with_orders: 5,
  })) {
    expect([what, desks[what] >= least]).toEqual([what, true]);
  }
});

test('[R15] the wholesale mailbox is seen by its team alone', async () => {
  const { items: channels } = await desk.admin.get('/api/channels');
  const wholesale = channels.find(({ name }: { name: string }) => name === 'Tradewind Wholesale');
  const countFor = async (email: string) => {
    const json = { 'content-type': 'application/json' };
    const body = JSON.stringify({ email, password: 'a long enough password' });
    const login = await fetch(`${desk.url}/api/auth/login`, { method: 'POST', headers: json, body });
    const { token } = (await login.json()) as { token: string };
    const list = await fetch(`${desk.url}/api/conversations?channelAccountId=${wholesale.id}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return ((await list.json()) as { items: unknown[] }).items.length;
  };
  expect(await countFor('mei@demo.tradewind.example')).toBeGreaterThan(3);
  expect(await countFor('layla@demo.tradewind.example')).toBe(0);
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
  const { rows: order } = await pool.query(`
    with told as (
      select m.conversation_id, m.sent_at, l.created_seq,
             lag(m.sent_at) over (partition by m.conversation_id order by l.created_seq) as before
      from messages m join change_log l on l.collection = 'message' and l.id = m.id and l.scope_left = '')
    select count(*) filter (where sent_at < before)::int as reversed,
           count(*) filter (where sent_at > extract(epoch from now()) * 1000)::int as future from told`);
  expect(order).toEqual([{ reversed: 0, future: 0 }]);
  const { rows: ends } = await pool.query(`
    select count(*)::int as n from conversations
    where (doc ->> 'resolvedAt')::bigint < last_message_at
       or (doc -> 'satisfaction' ->> 'at')::bigint < (doc ->> 'resolvedAt')::bigint
       or (doc ->> 'waitingSince')::bigint > last_message_at
       or (doc ->> 'firstRepliedAt')::bigint < (doc ->> 'createdAt')::bigint`);
  expect(ends).toEqual([{ n: 0 }]);
  const head = () => pool.query('select max(seq) from change_log').then((result) => result.rows[0].max);
  const before = await head();
  await spreadSample(db, Date.now());
  expect(await head()).toBe(before);
});
