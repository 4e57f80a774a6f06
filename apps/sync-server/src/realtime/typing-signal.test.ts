import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TypingSignal } from './typing-signal.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const isSame = (a: string, b: string) => a === b;
function start() {
  const told: [string, boolean][] = [];
  return { told, signal: new TypingSignal<string>((place, typing) => told.push([place, typing])) };
}

test('typing ends by word, once', () => {
  const { told, signal } = start();
  signal.start('a', isSame);
  signal.stop();
  signal.stop();
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual([
    ['a', true],
    ['a', false],
  ]);
});

test('who goes on is typing, who falls silent has stopped', () => {
  const { told, signal } = start();
  signal.start('a', isSame);
  vi.advanceTimersByTime(5_000);
  signal.start('a', isSame);
  vi.advanceTimersByTime(7_999);
  expect(told.at(-1)).toEqual(['a', true]);
  vi.advanceTimersByTime(1);
  expect(told.at(-1)).toEqual(['a', false]);
});

test('another place ends the first', () => {
  const { told, signal } = start();
  signal.start('a', isSame);
  signal.start('b', isSame);
  expect(told).toEqual([
    ['a', true],
    ['a', false],
    ['b', true],
  ]);
  signal.stop();
});
