import type { ChatAccepted } from '@tradewind/shared/chat/wire';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createStore } from '../common/store.ts';
import { type Problem, ProblemError } from './connection.ts';
import { createOutbox } from './outbox.ts';
import { createSender } from './sender.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const problem = (kind: string, more: Partial<Problem> = {}) =>
  new ProblemError({ type: `urn:tradewind:${kind}`, title: kind, ...more });

/** A desk that does with each attempt what the test says, and takes what is left. */
function start(...outcomes: (Error | 'ok')[]) {
  const outbox = createOutbox(createStore('', { open: () => null, onChange: () => undefined }));
  const sent: string[] = [];
  const told: string[] = [];
  let online = true;
  const flush = createSender({
    outbox: () => outbox,
    async request(event, body): Promise<ChatAccepted> {
      const { id = event } = body as { id?: string };
      sent.push(id);
      const outcome = outcomes.shift() ?? 'ok';
      if (outcome !== 'ok') throw outcome;
      return { id, at: 1 };
    },
    isOnline: () => online,
    exclusively: (work) => work(),
    onAccepted: ({ id }) => told.push(`accepted ${id}`),
    onRefused: ({ id }) => told.push(`refused ${id}`),
    onPause: (delayMs) => told.push(`pause ${delayMs}`),
  });
  const write = (...ids: string[]) => {
    for (const id of ids) outbox.add({ kind: 'message', id, text: id, attachments: [], writtenAt: 0 });
    flush();
  };
  return {
    outbox,
    sent,
    told,
    flush,
    write,
    setOnline: (value: boolean) => {
      online = value;
    },
  };
}

test('[R2] one after the other; an entry goes when the desk has it, and until then again under its id', async () => {
  const { outbox, sent, write } = start('ok', new Error('no answer in time'));
  write('a', 'b', 'c');
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual(['a', 'b']);
  expect(outbox.all().map(({ id }) => id)).toEqual(['b', 'c']);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(sent).toEqual(['a', 'b', 'b', 'c']);
  expect(outbox.all()).toEqual([]);
});

test('a flood waits as long as the desk says, and says so', async () => {
  const { sent, told, write } = start(problem('rate-limited', { retryAfterMs: 3_000 }));
  write('a');
  await vi.advanceTimersByTimeAsync(2_999);
  expect([sent, told]).toEqual([['a'], ['pause 3000']]);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent).toEqual(['a', 'a']);
});

test('what the desk will never take is set aside with the reason, and the rest goes on', async () => {
  const { outbox, told, write } = start(
    problem('bad-input', { errors: [{ path: 'text', message: 'too long' }] }),
    problem('bad-input', { errors: [{ path: 'attachmentIds.0', message: 'not yours' }] }),
    problem('forbidden'),
  );
  write('a', 'b', 'c', 'd');
  await vi.advanceTimersByTimeAsync(0);
  expect(outbox.all().map(({ failed }) => failed)).toEqual(['length', 'files', 'refused']);
  expect(told.at(-1)).toBe('accepted d');
});

test.each(['internal', 'unavailable', 'conflict'])('a message meets %s: it waits', async (kind) => {
  const { outbox, write } = start(problem(kind));
  write('a');
  await vi.advanceTimersByTimeAsync(0);
  expect(outbox.all().map(({ failed }) => failed)).toEqual([null]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(outbox.all()).toEqual([]);
});

test('a conversation that was rated before is not rated again and again', async () => {
  const { outbox, told, flush } = start(problem('conflict'));
  outbox.add({ kind: 'rating', id: 'r', conversationId: 'c', score: 5, comment: '' });
  flush();
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toEqual(['refused r']);
});

test('without a connection nothing is tried', async () => {
  const { sent, write, flush, setOnline } = start();
  setOnline(false);
  write('a');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toEqual([]);
  setOnline(true);
  flush();
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual(['a']);
});
