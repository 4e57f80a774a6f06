import { expect, test } from 'vitest';
import { fill, systemLanguage, wordsIn } from './words.ts';

test.each([
  [['zh-CN', 'en-US'], 'zh-CN'],
  [['de-DE', 'zh-Hant-TW'], 'zh-CN'],
  [['en-GB', 'zh-CN'], 'en'],
  [['de-DE'], 'en'],
  [[], 'en'],
])('a system in %o begins in %s', (languages, expected) => {
  expect(systemLanguage(languages)).toBe(expected);
});

test('both languages fill in the same values', () => {
  for (const language of ['en', 'zh-CN'] as const) {
    expect(fill(wordsIn(language).damagedDetail, { file: '/home/mei/settings.json' })).toContain(
      '/home/mei/settings.json',
    );
    expect(fill(wordsIn(language).unread, { count: 3 })).toContain('3');
  }
});
