import { expect, test } from 'vitest';
import { formatBytes, formatCount } from '../terminal/progress.ts';
import { parseBackupFlags, parseRestoreFlags } from './flags.ts';

test('flags may stand in any order and form', () => {
  expect(parseBackupFlags([])).toEqual({ data: null, out: null });
  expect(parseBackupFlags(['--out', 'x.tar.gz', '--data=d'])).toEqual({ data: 'd', out: 'x.tar.gz' });
  expect(parseRestoreFlags(['x.tar.gz'])).toEqual({ archive: 'x.tar.gz', data: null });
  expect(parseRestoreFlags(['--data', 'd', 'x.tar.gz'])).toEqual({ archive: 'x.tar.gz', data: 'd' });
});

test.each([
  [() => parseBackupFlags(['--oot', 'x']), /^Unknown option '--oot' \(usage: npm run backup .*\)\.$/],
  [() => parseBackupFlags(['x.tar.gz']), /^Unexpected argument 'x.* \(usage: npm run backup .*\)\.$/],
  [() => parseBackupFlags(['--out']), /--out.* argument missing \(usage: npm run backup .*\)\.$/],
  [() => parseRestoreFlags([]), /^Name one archive \(usage: npm run restore .*\)\.$/],
  [() => parseRestoreFlags(['a', 'b']), /^Name one archive \(usage: npm run restore .*\)\.$/],
])('what cannot be read is one sentence with the usage', (parse, sentence) => {
  expect(parse).toThrow(sentence);
});

test('sizes and counts as people say them', () => {
  expect([0, 999, 1_000, 1_540_000, 12_345_678_901].map(formatBytes)).toEqual([
    '0 bytes',
    '999 bytes',
    '1.0 kB',
    '1.5 MB',
    '12 GB',
  ]);
  expect([formatCount(1, 'row', 'rows'), formatCount(45_210, 'row', 'rows')]).toEqual(['1 row', '45,210 rows']);
});
