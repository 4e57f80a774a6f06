import { vi } from 'vitest';
import { startTestDesk, type TestDesk } from './desk.ts';

export const IDENTITY_SECRET = 'identity secret of the shop';
export const SHOP_ORIGIN = 'https://www.shop.example';

/** Connects a website chat. @returns its account id. */
export async function connectChat(
  desk: TestDesk,
  config: Record<string, unknown> = {},
  teamIds: string[] = [],
): Promise<string> {
  const answer = await desk.admin.call('POST', '/api/channels', {
    kind: 'web-chat',
    name: 'Shop chat',
    teamIds,
    config: { allowedOrigins: [SHOP_ORIGIN], identitySecret: IDENTITY_SECRET, ...config },
  });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer));
  return answer.body.id;
}

/** The conversation in which a message with this text stands. */
export async function findConversation(desk: TestDesk, text: string) {
  return vi.waitFor(async () => {
    const { items } = await desk.admin.get(`/api/conversations?q=${encodeURIComponent(text)}`);
    if (items.length !== 1) throw new Error(`${items.length} conversations`);
    return items[0];
  });
}

/** A desk with a website chat on it. */
export async function startChatDesk(options: Parameters<typeof startTestDesk>[0] = {}) {
  const desk = await startTestDesk(options);
  return { desk, accountId: await connectChat(desk) };
}
