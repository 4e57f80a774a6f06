import { expect, test } from 'vitest';
import { parseConfig } from '../config/config.ts';
import { describeFailure } from './failure.ts';

const CONFIG = { bind: '127.0.0.1', port: 80, databaseUrl: null };

function failureOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

function listenError(code: string): Error {
  return Object.assign(new Error(`listen ${code}`), { code, syscall: 'listen' });
}

test('each wrong variable is one line', () => {
  const error = failureOf(() => parseConfig({ PORT: 'x', TRADEWIND_STRICT_EGRESS: 'maybe' }));
  expect(describeFailure(error, null).split('\n')).toEqual([
    expect.stringMatching(/^PORT: /),
    expect.stringMatching(/^TRADEWIND_STRICT_EGRESS: /),
  ]);
});

test.each([
  ['EADDRINUSE', /^Port 80 on 127\.0\.0\.1 is already in use: .* --port N\.$/],
  ['EACCES', /^Port 80 may not be used without more rights/],
  ['EADDRNOTAVAIL', /^This machine does not have the address 127\.0\.0\.1/],
  ['EINVAL', /^Tradewind cannot listen on 127\.0\.0\.1, port 80 \(EINVAL\)\.$/],
])('a port that cannot be listened on is one sentence: %s', (code, sentence) => {
  expect(describeFailure(listenError(code), CONFIG)).toMatch(sentence);
});

test('our own sentences stand as they are, others are introduced, none has a stack', () => {
  expect(describeFailure(new Error('The folder is closed.'), CONFIG)).toBe('The folder is closed.');
  expect(describeFailure(new TypeError('x is not a function'), CONFIG)).toBe(
    'Tradewind could not start: x is not a function',
  );
});

test('a database that cannot be reached is named by its variable', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:5432'), { code: 'ECONNREFUSED' });
  expect(describeFailure(refused, { ...CONFIG, databaseUrl: 'postgres://10.0.0.1/desk' })).toBe(
    'The PostgreSQL of DATABASE_URL cannot be used: connect ECONNREFUSED 10.0.0.1:5432.',
  );
});
