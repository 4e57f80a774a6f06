import { expect, test } from 'vitest';
import { createReadableCode, hashReadableCode } from './readable-code.ts';

test('a code is found again however it was typed', () => {
  const code = createReadableCode();
  expect(code).toMatch(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/);
  const hash = hashReadableCode(code);
  expect(hash).toHaveLength(32);
  for (const typed of [code.toUpperCase(), code.replaceAll('-', ''), ` ${code.replaceAll('-', ' ')} `]) {
    expect(hashReadableCode(typed)).toEqual(hash);
  }
  expect(hashReadableCode(createReadableCode())).not.toEqual(hash);
});

test.each(['', '123456', 'abcd-efgh-ijkl', 'abcd-efgh-ijkl-mno1', `${'a'.repeat(100)}`])('"%s" is no code', (typed) => {
  expect(hashReadableCode(typed)).toBeNull();
});
