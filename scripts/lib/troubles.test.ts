import { expect, test } from 'vitest';
import { describeTroubles, findPlaywrightTroubles, toTrouble } from './troubles.mjs';

test('a trouble is told by kind, full name and the first lines of its message', () => {
  const long = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`).join('\n');
  const [failed = '', retried] = describeTroubles([
    toTrouble('failed', ['a.test.ts', 'group > name'], `\u001b[31m${long}\u001b[39m`),
    toTrouble('retried', ['b.spec.ts', 'name']),
  ]);
  expect(failed.split('\n')).toEqual([
    'FAILED  a.test.ts > group > name',
    ...Array.from({ length: 15 }, (_, index) => `        line ${index + 1}`),
    '        …',
  ]);
  expect(retried).toBe('RETRIED b.spec.ts > name\n        no error was reported');
});

test('a report of Playwright’s gives what failed and what passed only the second time, however deep it lies', () => {
  const spec = (title: string, status: string, ...messages: string[]) => ({
    title,
    tests: [{ status, results: messages.map((message) => ({ errors: message ? [{ message }] : [] })) }],
  });
  const report = {
    errors: [{ message: 'the build failed' }],
    suites: [
      {
        title: 'desk.spec.ts',
        specs: [spec('works', 'expected', ''), spec('is left out', 'skipped', '')],
        suites: [
          {
            title: 'a group',
            specs: [spec('breaks', 'unexpected', 'first', 'again'), spec('wavers', 'flaky', 'once', '')],
          },
        ],
      },
    ],
  };
  expect(findPlaywrightTroubles(report)).toEqual([
    { kind: 'failed', name: 'outside of a test', message: 'the build failed' },
    { kind: 'failed', name: 'desk.spec.ts > a group > breaks', message: 'first' },
    { kind: 'retried', name: 'desk.spec.ts > a group > wavers', message: 'once' },
  ]);
});
