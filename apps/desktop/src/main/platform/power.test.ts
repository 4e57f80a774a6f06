import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { watchPower } from './power.ts';

function start() {
  const monitor = new EventEmitter();
  const told: string[] = [];
  const clock = { now: 1_000 };
  const handlers = {
    onWake: () => told.push('wake'),
    onLock: () => told.push('lock'),
    onUnlock: () => told.push('unlock'),
  };
  // The events of Electron's monitor have a type for each name; an emitter of Node takes them all.
  watchPower(monitor as unknown as Parameters<typeof watchPower>[0], handlers, () => clock.now);
  return { monitor, told, clock };
}

test('a waking that is told twice is one', () => {
  const { monitor, told, clock } = start();
  monitor.emit('resume');
  clock.now += 300;
  monitor.emit('resume');
  expect(told).toEqual(['wake']);
  clock.now += 60_000;
  monitor.emit('resume');
  expect(told).toEqual(['wake', 'wake']);
});

test('unlocking is a moment to look, too', () => {
  const { monitor, told } = start();
  monitor.emit('lock-screen');
  monitor.emit('unlock-screen');
  expect(told).toEqual(['lock', 'unlock', 'wake']);
});
