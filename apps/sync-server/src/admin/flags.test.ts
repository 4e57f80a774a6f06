import { expect, test } from 'vitest';
import { parseAdminFlags } from './flags.ts';

test('what to do, to whom, and where', () => {
  expect(parseAdminFlags(['list'])).toEqual({ order: { do: 'list' }, data: null });
  expect(parseAdminFlags(['reset', ' Mei@Shop.example', '--data', './desk'])).toEqual({
    order: { do: 'reset', email: 'mei@shop.example' },
    data: './desk',
  });
  expect(parseAdminFlags(['--data=x', 'remove-totp', 'a@b.c']).order).toEqual({ do: 'remove-totp', email: 'a@b.c' });
});

test.each([[[]], [['reset']], [['reset', 'a@b.c', 'd@e.f']], [['list', 'all']], [['delete', 'a@b.c']]])(
  '%j is refused in one sentence that says how it is written',
  (argv) => {
    expect(() => parseAdminFlags(argv)).toThrow(/^Say what to do \(usage: npm run admin -- .+\)\.$/);
  },
);

test.each([[['list', '--colour']], [['list', '--data']]])('%j is refused by name', (argv) => {
  expect(() => parseAdminFlags(argv)).toThrow(/^[^\n]+(--colour|--data)[^\n]+\(usage: [^\n]+\)\.$/);
});
