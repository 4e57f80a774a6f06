import { expect, test } from 'vitest';
import { buildAccount } from '../../desk/testing/build-account.ts';
import { findState } from './account-state.ts';

const quiet = buildAccount();

test('an account waits until its first event, and is well after it', () => {
  expect(findState(quiet)).toBe('waiting');
  expect(findState({ ...quiet, lastEventAt: 10 })).toBe('ok');
});

test('a refused request counts until a genuine one came after it', () => {
  expect(findState({ ...quiet, lastRejectedAt: 5 })).toBe('rejected');
  expect(findState({ ...quiet, lastRejectedAt: 5, lastEventAt: 4 })).toBe('rejected');
  expect(findState({ ...quiet, lastRejectedAt: 5, lastEventAt: 6 })).toBe('ok');
});

test('what cannot be sent comes before everything else', () => {
  expect(findState({ ...quiet, lastRejectedAt: 5, sendProblem: { text: '401', since: 1 } })).toBe('send-problem');
});
