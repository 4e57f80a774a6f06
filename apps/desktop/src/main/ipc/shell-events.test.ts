import type { ShellEvent } from '@tradewind/shared/ipc/bridge';
import { expect, test } from 'vitest';
import { ShellEventQueue } from './shell-events.ts';

const link = (conversationId: string): ShellEvent => ({ type: 'open-conversation', conversationId });

function start() {
  const heard: ShellEvent[] = [];
  return {
    queue: new ShellEventQueue(),
    heard,
    page: { send: (_channel: string, event: ShellEvent) => void heard.push(event) },
  };
}

test('a link followed before the page listens is told when it does', () => {
  const { queue, heard, page } = start();
  queue.tell(link('c1'));
  queue.tell({ type: 'resync' });
  queue.open(page);
  queue.tell(link('c2'));
  expect(heard).toEqual([link('c1'), link('c2')]);
});

test('while the page is gone events wait, the newest twenty', () => {
  const { queue, heard, page } = start();
  queue.open(page);
  queue.close();
  for (let i = 0; i < 30; i++) queue.tell(link(`c${i}`));
  expect(heard).toEqual([]);
  queue.open(page);
  expect(heard).toHaveLength(20);
  expect(heard.at(-1)).toEqual(link('c29'));
});
