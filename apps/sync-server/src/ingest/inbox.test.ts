import type pg from 'pg';
import { expect, test } from 'vitest';
import { type AcceptedEvent, Inbox } from './inbox.ts';

test('[R1] many large bodies at once do not become one huge statement, and each is answered', async () => {
  const sizes: number[] = [];
  const pool = {
    query: async ({ values }: { values: unknown[] }) => {
      const bodies = values.at(-1);
      if (!Buffer.isBuffer(bodies)) throw new Error('the bodies are the last value');
      sizes.push(bodies.length);
      return { rows: [] };
    },
  } as unknown as pg.Pool;
  const stored: AcceptedEvent[] = [];
  const inbox = new Inbox(pool, (events) => stored.push(...events));
  const event = { topic: 'test', dedupeKey: null, pathSuffix: '', headers: {}, bodySha256: null, oneTimeToken: null };
  const events = Array.from({ length: 200 }, (_, lane) => ({
    ...event,
    accountId: 'mail',
    lane,
    body: Buffer.alloc(256 * 1024),
    receivedAt: 1,
  }));
  const outcomes = await Promise.all(events.map((one) => inbox.store(one)));
  expect(new Set(outcomes)).toEqual(new Set(['stored']));
  expect(new Set(stored.map((one) => one.lane)).size).toBe(events.length);
  expect(Math.max(...sizes)).toBeLessThan(5 * 1024 * 1024);
});
