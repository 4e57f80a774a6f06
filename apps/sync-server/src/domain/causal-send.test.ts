import { expect, test } from 'vitest';
import { customersHoldBefore } from './causal-send.ts';

const NOW = 1_800_000_000_000;

test('[R10] every message of the customer holds a mail', () => {
  expect(customersHoldBefore('mailgun', { seenSeq: 7, at: NOW, receivedAt: NOW })).toBe(Number.MAX_SAFE_INTEGER);
});

test('[R10] in a chat only what came more than 10 s before the reply', () => {
  expect(customersHoldBefore('web-chat', { seenSeq: 7, at: NOW, receivedAt: NOW })).toBe(NOW - 10_000);
  expect(customersHoldBefore('web-chat', { seenSeq: 7, at: NOW - 60_000, receivedAt: NOW })).toBe(NOW - 10_000);
});

test('[R10] a chat reply that comes more than 60 s after it was made is treated as mail', () => {
  expect(customersHoldBefore('web-chat', { seenSeq: 7, at: NOW - 60_001, receivedAt: NOW })).toBe(
    Number.MAX_SAFE_INTEGER,
  );
});

test('[R10] no message of the customer holds a reply that names none as seen', () => {
  expect(customersHoldBefore('mailgun', { seenSeq: 0, at: NOW, receivedAt: NOW })).toBe(0);
});
