import { expect, test } from 'vitest';
import { TypingSignal } from './typing-signal.ts';

function setUp() {
  const said: string[] = [];
  const clock = { nowMs: 0, due: null as { at: number; run: () => void } | null };
  const signal = new TypingSignal({
    say: (typing) => said.push(`${clock.nowMs} ${typing}`),
    now: () => clock.nowMs,
    schedule: (delayMs, run) => {
      const due = { at: clock.nowMs + delayMs, run };
      clock.due = due;
      return () => {
        if (clock.due === due) clock.due = null;
      };
    },
  });
  const wait = (ms: number) => {
    clock.nowMs += ms;
    const { due } = clock;
    if (!due || due.at > clock.nowMs) return;
    clock.due = null;
    due.run();
  };
  return { said, signal, wait };
}

test('many key strokes are few words', () => {
  const { said, signal, wait } = setUp();
  for (let stroke = 0; stroke < 70; stroke++) {
    signal.touch();
    wait(100);
  }
  expect(said).toEqual(['0 true', '3000 true', '6000 true']);
});

test('silence for five seconds is a stop, said once', () => {
  const { said, signal, wait } = setUp();
  signal.touch();
  wait(4_999);
  signal.touch();
  wait(5_000);
  wait(60_000);
  expect(said).toEqual(['0 true', '4999 true', '9999 false']);
});

test('sending stops it at once; stopping what never began says nothing', () => {
  const { said, signal, wait } = setUp();
  signal.stop();
  signal.touch();
  wait(10);
  signal.stop();
  signal.stop();
  wait(60_000);
  signal.touch();
  expect(said).toEqual(['0 true', '10 false', '60010 true']);
});
