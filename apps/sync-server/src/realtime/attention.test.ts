import type { LiveAttention } from '@tradewind/shared/protocol/live';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Attention } from './attention.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function start() {
  const told: string[] = [];
  const attention = new Attention({
    now: () => Date.now(),
    tell: (news) => {
      told.push(...news.map(({ agentId, conversationId, state }) => `${agentId} ${conversationId} ${state ?? 'gone'}`));
    },
  });
  const say = (socketId: string, agentId: string, conversationId: string, state: LiveAttention['state']) =>
    attention.hear(socketId, agentId, { conversationId, state });
  const news = () => {
    vi.advanceTimersByTime(200);
    return told.splice(0);
  };
  return { attention, say, news };
}

test('what an agent does is told once, and again when it changes', () => {
  const { say, news } = start();
  say('1', 'mei', 'a', 'viewing');
  expect(news()).toEqual(['mei a viewing']);
  say('1', 'mei', 'a', 'viewing');
  expect(news()).toEqual([]);
  say('1', 'mei', 'a', 'typing');
  expect(news()).toEqual(['mei a typing']);
  say('1', 'mei', 'a', 'gone');
  say('1', 'mei', 'a', 'gone');
  expect(news()).toEqual(['mei a gone']);
});

test('what goes on is told again now and then, for those who came later', () => {
  const { say, news } = start();
  say('1', 'mei', 'a', 'viewing');
  news();
  vi.advanceTimersByTime(10_000);
  say('1', 'mei', 'a', 'viewing');
  expect(news()).toEqual(['mei a viewing']);
});

test('of several windows of an agent the strongest word counts', () => {
  const { attention, say, news } = start();
  say('1', 'mei', 'a', 'typing');
  say('2', 'mei', 'a', 'viewing');
  expect(news()).toEqual(['mei a typing']);
  attention.leave('1');
  expect(news()).toEqual(['mei a viewing']);
  attention.leave('2');
  expect(news()).toEqual(['mei a gone']);
  expect(attention.current()).toEqual([]);
});

test('who falls silent for half a minute is gone', () => {
  const { attention, say, news } = start();
  say('1', 'mei', 'a', 'viewing');
  say('2', 'sam', 'a', 'viewing');
  news();
  vi.advanceTimersByTime(20_000);
  say('2', 'sam', 'a', 'viewing');
  news();
  vi.advanceTimersByTime(15_000);
  expect(news()).toEqual(['mei a gone']);
  expect(attention.current()).toEqual([{ conversationId: 'a', agentId: 'sam', state: 'viewing' }]);
});

test('a flood of words is told at a walking pace', () => {
  const { say, news } = start();
  const told: string[] = [];
  for (let word = 0; word < 1_000; word++) {
    say('1', 'mei', 'a', word % 2 ? 'viewing' : 'typing');
    if (word % 100 === 99) told.push(...news());
  }
  expect(told.length).toBeLessThanOrEqual(10);
});

test('a socket that names more conversations than anybody looks at keeps the latest', () => {
  const { attention, say, news } = start();
  for (let number = 0; number < 50; number++) say('1', 'mei', `c${number}`, 'viewing');
  news();
  expect(attention.current()).toHaveLength(20);
  expect(attention.current().at(-1)?.conversationId).toBe('c49');
});
