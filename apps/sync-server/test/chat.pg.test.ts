import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { newId, openWidget } from './chat-widget.ts';
import { startTestDesk, type TestDesk } from './desk.ts';

const SECRET = 'identity secret of the shop';
let desk: TestDesk;
let accountId: string;

beforeAll(async () => {
  desk = await startTestDesk();
  accountId = await connectChat();
});
afterAll(() => desk.close());

async function connectChat(config: Record<string, unknown> = {}, teamIds: string[] = []): Promise<string> {
  const answer = await desk.admin.call('POST', '/api/channels', {
    kind: 'web-chat',
    name: 'Shop chat',
    teamIds,
    config: { allowedOrigins: ['https://www.shop.example'], identitySecret: SECRET, ...config },
  });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer));
  return answer.body.id;
}

test('a visitor writes, an agent answers, and each sees what the other did', async () => {
  const visitor = await openWidget(desk.url, accountId);
  const id = newId();
  const accepted = await visitor.send('还没收到货 😟', id);
  expect(accepted).toEqual({ id, at: expect.any(Number) });
  const [own] = await vi.waitFor(() => {
    expect(visitor.messages()).toHaveLength(1);
    return visitor.messages();
  });
  expect(own).toMatchObject({ id, author: 'visitor', text: '还没收到货 😟', at: accepted.at });
  const { items } = await desk.mei.get(`/api/conversations?channelAccountId=${accountId}`);
  expect(items).toMatchObject([{ status: 'pending', channelKind: 'web-chat', subject: '' }]);
  const reply = await desk.mei.command({
    type: 'reply',
    conversationId: items[0].id,
    text: '马上帮你查',
    seenMessageId: null,
  });
  expect(reply).toMatchObject({ status: 'applied' });
  await vi.waitFor(() => expect(visitor.messages()).toHaveLength(2));
  expect(visitor.messages()[1]).toMatchObject({
    id: reply.messageId,
    author: 'agent',
    authorName: 'Mei',
    text: '马上帮你查',
  });
  visitor.close();
});
