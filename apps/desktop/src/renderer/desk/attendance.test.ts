import type { LiveAttention } from '@tradewind/shared/protocol/live';
import { expect, test } from 'vitest';
import { Attendance } from './attendance.ts';

/** An attendance with a clock that the test moves. */
function start() {
  const said: string[] = [];
  const timers = new Set<{ at: number; run: () => void }>();
  let now = 0;
  const attendance = new Attendance(
    ({ conversationId, state }: LiveAttention) => said.push(`${conversationId} ${state}`),
    (delayMs, run) => {
      const timer = { at: now + delayMs, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  );
  const pass = (ms: number) => {
    for (const until = now + ms; ; ) {
      const next = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      now = next?.at ?? until;
      if (!next) return;
      timers.delete(next);
      next.run();
    }
  };
  return { attendance, pass, news: () => said.splice(0), timers };
}

test('colleagues are told which conversation is before the agent, again while it is, and when it is no more', () => {
  const { attendance, pass, news, timers } = start();
  attendance.look('a');
  attendance.look('a');
  expect(news()).toEqual(['a viewing']);
  pass(25_000);
  expect(news()).toEqual(['a viewing', 'a viewing']);
  attendance.look('b');
  expect(news()).toEqual(['a gone', 'b viewing']);
  attendance.look(null);
  pass(60_000);
  expect(news()).toEqual(['b gone']);
  expect(timers.size).toBe(0);
});

test('who writes says so once, and looks again after a pause', () => {
  const { attendance, pass, news } = start();
  attendance.look('a');
  news();
  for (let key = 0; key < 50; key++) {
    attendance.write('a');
    pass(200);
  }
  expect(news()).toEqual(['a typing']);
  pass(6_000);
  expect(news()).toEqual(['a typing', 'a viewing']);
  attendance.write('a');
  attendance.rest();
  attendance.rest();
  expect(news()).toEqual(['a typing', 'a viewing']);
});

test('what is written in a conversation that is not before the agent any more tells nothing', () => {
  const { attendance, pass, news } = start();
  attendance.look('a');
  attendance.write('a');
  attendance.look('b');
  attendance.write('a');
  expect(news()).toEqual(['a viewing', 'a typing', 'a gone', 'b viewing']);
  pass(7_000);
  expect(news()).toEqual([]);
});
