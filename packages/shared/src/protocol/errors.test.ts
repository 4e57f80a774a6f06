import { expect, test } from 'vitest';
import { AppError, ERROR_STATUS } from './errors.ts';

test('a problem says its kind, its status and the fields to correct, and nothing of its cause', () => {
  const error = new AppError('bad-input', 'The name is missing.', {
    errors: [{ path: 'name', message: 'must not be empty' }],
    cause: new Error('password=hunter2'),
  });
  expect(error.toProblem()).toEqual({
    type: 'urn:tradewind:bad-input',
    title: 'The name is missing.',
    status: 400,
    errors: [{ path: 'name', message: 'must not be empty' }],
  });
});

test('data that belongs to the kind stands beside it', () => {
  expect(new AppError('rate-limited', 'Too many attempts.', { retryAfterMs: 2_000 }).toProblem().retryAfterMs).toBe(
    2_000,
  );
  expect(new AppError('access-changed', 'Start over.', { data: { accessVersion: 4 } }).toProblem().accessVersion).toBe(
    4,
  );
});

test('every kind has a status of the right family', () => {
  for (const [kind, status] of Object.entries(ERROR_STATUS)) {
    const ours = kind === 'internal' || kind === 'unavailable';
    expect(Math.floor(status / 100), kind).toBe(ours ? 5 : 4);
  }
});
