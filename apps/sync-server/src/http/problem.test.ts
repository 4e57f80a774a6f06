import { expect, test } from 'vitest';
import { toAppError } from './problem.ts';

test.each(['53100', 'ENOSPC'])('a full disk (%s) is told as such, not as a database out of reach', (code) => {
  const error = toAppError(Object.assign(new Error('could not extend file'), { code }));
  expect(error.kind).toBe('unavailable');
  expect(error.message).toMatch(/^The server's disk is full/);
});
