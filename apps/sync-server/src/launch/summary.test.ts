import { expect, test } from 'vitest';
import { formatSummary } from './summary.ts';

const DESK = {
  address: 'http://127.0.0.1:7373',
  publicUrl: null,
  dataDir: '/srv/data',
  logFile: null,
  labUrl: null,
  setupLink: null,
  problems: [],
};

test('the demo is told with its logins, its shop, its folder and its log', () => {
  const text = formatSummary({ ...DESK, labUrl: 'http://127.0.0.1:7400', logFile: '/srv/data/tradewind.log' });
  for (const part of [
    'http://127.0.0.1:7373',
    'http://127.0.0.1:7400/shop',
    'http://127.0.0.1:7400 ',
    'admin@demo.tradewind.example',
    'mei@demo.tradewind.example',
    'sam@demo.tradewind.example',
    'layla@demo.tradewind.example',
    'tradewind-demo',
    '/srv/data',
    '/srv/data/tradewind.log',
  ]) {
    expect(text).toContain(part);
  }
});

test('a real desk shows no demo login', () => {
  expect(formatSummary(DESK)).not.toContain('demo');
  expect(formatSummary(DESK)).not.toContain('first admin');
});

test('a real desk without a first admin is told where to make one', () => {
  const setupLink = 'http://127.0.0.1:7373/#/setup/abcd-efgh-ijkl-mnop';
  expect(formatSummary({ ...DESK, setupLink })).toContain(`  ${setupLink}\n`);
});

test('the address for people comes first, and what does not work there is told', () => {
  const text = formatSummary({ ...DESK, publicUrl: 'https://desk.example.com', problems: ['One thing.', 'Another.'] });
  expect(text).toMatch(/Console +https:\/\/desk\.example\.com\n +Listens on +http:\/\/127\.0\.0\.1:7373\n/);
  expect(text).toContain('\nNote: One thing.\n\nNote: Another.\n');
  expect(formatSummary(DESK)).not.toContain('Note:');
});
