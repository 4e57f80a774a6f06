import { expect, test } from 'vitest';
import { en } from './en.ts';
import { pickLocale } from './get-words.ts';
import { zhCn } from './zh-cn.ts';

/** Every sentence of a language, with something in each blank. */
function speak(words: object): [string, string][] {
  return Object.entries(words).map(([key, value]) => [
    key,
    [typeof value === 'function' ? value(2, 3) : value].flat().join('\n'),
  ]);
}

test('Chinese is written in Chinese, with its own punctuation', () => {
  for (const [key, sentence] of speak(zhCn)) {
    expect(sentence, key).toMatch(/\p{Script=Han}|^2 3$|^2$/u);
    expect(sentence, key).not.toMatch(/\p{Script=Han}[,.?!:]/u);
  }
});

test('nobody is shouted at', () => {
  for (const [key, sentence] of [...speak(en), ...speak(zhCn)]) expect(sentence, key).not.toMatch(/[!！]|Oops/);
});

test('one message is not "1 messages"', () => {
  expect(en.offline(1)).toBe('Offline. 1 message will be sent when you are back.');
  expect(en.offline(2)).toBe('Offline. 2 messages will be sent when you are back.');
});

test('dates are written as the visitor writes them, in the language of the chat', () => {
  expect(pickLocale('en', ['de-DE', 'en-GB', 'en-US'])).toBe('en-GB');
  expect(pickLocale('en', ['zh-CN'])).toBe('en');
  expect(pickLocale('zh-CN', ['en-US', 'zh-TW'])).toBe('zh-CN');
});
