import { expect, test } from 'vitest';
import { ShellEvents } from './shell-events.ts';

test('an event waits for the first who listens to its kind, and reaches nobody else', () => {
  const events = new ShellEvents();
  const opened: string[] = [];
  const addresses: string[] = [];
  events.receive({ type: 'open-conversation', conversationId: 'a' });
  events.on('connect', ({ address }) => addresses.push(address));
  events.on('open-conversation', ({ conversationId }) => opened.push(conversationId));
  events.receive({ type: 'open-conversation', conversationId: 'b' });
  expect(opened).toEqual(['a', 'b']);
  expect(addresses).toEqual([]);
});

test('who has ended his subscription hears nothing; the next one gets what came meanwhile', () => {
  const events = new ShellEvents();
  const first: string[] = [];
  const second: string[] = [];
  const stop = events.on('presence', ({ presence }) => first.push(presence));
  events.receive({ type: 'presence', presence: 'away' });
  stop();
  events.receive({ type: 'presence', presence: 'online' });
  events.on('presence', ({ presence }) => second.push(presence));
  expect(first).toEqual(['away']);
  expect(second).toEqual(['online']);
});

test('only the newest twenty wait', () => {
  const events = new ShellEvents();
  for (let i = 0; i < 25; i++) events.receive({ type: 'open-conversation', conversationId: `c${i}` });
  const opened: string[] = [];
  events.on('open-conversation', ({ conversationId }) => opened.push(conversationId));
  expect(opened).toHaveLength(20);
  expect(opened[0]).toBe('c5');
});
