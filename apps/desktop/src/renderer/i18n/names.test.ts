import { expect, test } from 'vitest';
import { nameCountry, nameLanguage } from './names.ts';

test('codes have a name in the language of the reader', () => {
  expect(nameLanguage('en-GB', 'zh-CN')).toBe('英国英语');
  expect(nameLanguage('ar', 'en-GB')).toBe('Arabic');
  expect(nameCountry('DE', 'zh-CN')).toBe('德国');
  expect(nameCountry('CN', 'en-GB')).toBe('China');
});

test('what is no code is shown as it came', () => {
  expect(nameLanguage('', 'en')).toBe('');
  expect(nameLanguage('not a tag', 'en')).toBe('not a tag');
  expect(nameCountry('Deutschland', 'zh-CN')).toBe('Deutschland');
  expect(nameCountry('', 'zh-CN')).toBe('');
});
