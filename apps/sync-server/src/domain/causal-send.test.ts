import { expect, test } from 'vitest';
import { customersHoldBefore } from './causal-send.ts';

const NOW = 1_800_000_000_000;

test('[R10] every message of the customer holds a mail', () => {
  expect(customersHoldBefore('mailgun', { at: NOW, receivedAt: NOW })).toBe(Number.MAX_SAFE_INTEGER);
});

test('[R10] in a chat only what came more than 10 s before the reply', () => {
  expect(customersHoldBefore('web-chat', { at: NOW, receivedAt: NOW })).toBe(NOW - 10_000);
  expect(customersHoldBefore('web-chat', { at: NOW - 60_000, receivedAt: NOW })).toBe(NOW - 10_000);
});

test('[R10] a chat reply that comes more than 60 s after it was made is treated as mail', () => {
  expect(customersHoldBefore('web-chat', { at: NOW - 60_001, receivedAt: NOW })).toBe(Number.MAX_SAFE_INTEGER);
});
