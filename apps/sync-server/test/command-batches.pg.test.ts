import { createUuidV7 } from '@tradewind/shared/ids';
import { PROTOCOL_VERSION } from '@tradewind/shared/protocol/version';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Api, startTestDesk, type TestDesk } from './desk.ts';

let desk: TestDesk;
let conversationId: string;
let messageId: string;
beforeAll(async () => {
  desk = await startTestDesk();
  const start = { type: 'start-conversation', channelAccountId: desk.channelId, to: 'li@example.com', text: 'Hello' };
  const result = await desk.mei.command(start);
  conversationId = result.conversationId ?? '';
  messageId = result.messageId ?? '';
});
afterAll(() => desk.close());

const build = (fields: Record<string, unknown>) => ({ id: createUuidV7(), at: Date.now(), conversationId, ...fields });

/** As a console of this protocol version sends it. */
async function post(agent: Api, body: unknown, version: string | null) {
  const response = await fetch(`${desk.url}/api/commands`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${agent.token}`,
      'content-type': 'application/json',
      ...(version === null ? {} : { 'x-tradewind-protocol': version }),
    },
    body: JSON.stringify(body),
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers of two shapes
  return { status: response.status, body: (await response.json()) as any };
}

/** The same over a socket. */
async function emit(agent: Api, body: unknown, protocol?: unknown) {
  const socket = io(desk.url, {
    auth: { token: agent.token, ...(protocol === undefined ? {} : { protocol }) },
    transports: ['websocket'],
    reconnection: false,
  });
  try {
    return await socket.timeout(10_000).emitWithAck('commands', body);
  } finally {
    socket.disconnect();
  }
}

async function countCommands(): Promise<number> {
  const rows = await desk.database.db.selectFrom('commands').select('id').execute();
  return rows.length;
}

test('[R8] a batch of a later protocol version is answered 426, by HTTP and socket, and nothing of it is stored', async () => {
  const before = await countCommands();
  const later = PROTOCOL_VERSION + 1;
  const note = build({ type: 'note', text: 'x' });
  const batches: unknown[] = [{ commands: [note] }, { commands: [note, build({ type: 'merge' })] }, { orders: [] }];
  const problem = { type: 'urn:tradewind:upgrade-required', status: 426 };
  for (const batch of batches) {
    expect(await post(desk.mei, batch, String(later))).toMatchObject({ status: 426, body: problem });
    expect(await emit(desk.mei, batch, later)).toMatchObject({ problem });
  }
  expect(await countCommands()).toBe(before);
  // The same commands count later on, when the console speaks a version that is understood.
  expect((await post(desk.mei, { commands: [note] }, String(PROTOCOL_VERSION))).body.results).toMatchObject([
    { id: note.id, status: 'applied' },
  ]);
});

test('consoles of this version and those before, and callers that name none, are served', async () => {
  for (const version of [null, '1', String(PROTOCOL_VERSION)]) {
    const commands = [build({ type: 'note', text: 'x' }), build({ type: 'merge' })];
    const answer = await post(desk.mei, { commands }, version);
    expect(answer.body.results).toMatchObject([
      { status: 'applied' },
      { reason: { kind: 'unsupported', type: 'merge' } },
    ]);
  }
  expect(await emit(desk.mei, { commands: [build({ type: 'note', text: 'x' })] })).toMatchObject({
    results: [{ status: 'applied' }],
  });
});

test('[R8] a hundred commands in one batch: each its own result, in order, and again the same', async () => {
  const commands = Array.from({ length: 100 }, (_, n) =>
    build({ type: 'tag', add: [`tag-${n}`], remove: n > 0 ? [`tag-${n - 1}`] : [] }),
  );
  const first = await post(desk.mei, { commands }, '2');
  expect(first.body.results.map(({ id }: { id: string }) => id)).toEqual(commands.map(({ id }) => id));
  expect(first.body.results.every(({ status }: { status: string }) => status === 'applied')).toBe(true);
  const again = await post(desk.mei, { commands }, '2');
  expect(again.body.results).toEqual(first.body.results);
  expect((await desk.mei.get(`/api/conversations/${conversationId}`)).tags).toEqual(['tag-99']);
  const tooMany = await post(desk.mei, { commands: [...commands, build({ type: 'note', text: 'x' })] }, '2');
  expect(tooMany.status).toBe(400);
});

test('[R8] in one batch what comes after a held reply is held with it, and the rest is done', async () => {
  await desk.sam.command({ type: 'note', conversationId, text: 'wait' });
  const reply = build({ type: 'reply', text: 'Sent', seenMessageId: messageId });
  const resolve = build({ type: 'set-status', status: 'resolved', after: [reply.id] });
  const tag = build({ type: 'tag', add: ['urgent'], remove: [] });
  const { body } = await post(desk.mei, { commands: [reply, resolve, tag] }, '2');
  expect(body.results).toMatchObject([
    { status: 'held', reason: { kind: 'unseen', count: 1 } },
    { status: 'held', reason: { kind: 'after-held', commandId: reply.id } },
    { status: 'applied' },
  ]);
  const discard = build({ type: 'discard', commandId: reply.id });
  await post(desk.mei, { commands: [discard] }, '2');
  // The records come down to their author.
  const page = await desk.mei.get('/api/sync/changes?limit=5000');
  const docs = new Map(page.changes.map((change: { id: string; doc: unknown }) => [change.id, change.doc]));
  for (const { id } of [reply, resolve]) {
    expect(docs.get(id)).toMatchObject({ status: 'rejected', answeredBy: discard.id });
  }
  expect((await desk.mei.get(`/api/commands/${resolve.id}`)).reason).toEqual({ kind: 'discarded', by: discard.id });
});
