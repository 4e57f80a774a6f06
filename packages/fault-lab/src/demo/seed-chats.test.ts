import { expect, test } from 'vitest';
import { startFaultLab } from '../lab.ts';
import type { DeskFeed } from './desk-feed.ts';
import { planChats } from './plan-chats.ts';
import { planOrders } from './plan-orders.ts';
import { playChat } from './seed-chats.ts';
import type { Stage } from './stage.ts';

test('whoever ends the start does not wait for a server that lets nobody in', async () => {
  const lab = await startFaultLab();
  lab.webChat.connect({ id: 'chat', serverUrl: 'http://127.0.0.1:9', identitySecret: 'secret' });
  const feed = { findFromVisitor: () => undefined } as unknown as DeskFeed;
  const channels = { support: 'mail', wholesale: 'b2b', chat: 'chat' };
  const stage: Stage = { lab, feed, agents: [], channels, teams: { care: 'c', wholesale: 'w' } };
  const [chat] = planChats(planOrders());
  if (!chat) throw new Error('no chat is planned');
  const end = new AbortController();
  const played = playChat(stage, chat, end.signal);
  setTimeout(() => end.abort(), 200);
  await expect(played).rejects.toThrow('the visitor has left');
  expect(lab.webChat.visitors.size).toBe(0);
  await lab.close();
});
