import { expect, test } from 'vitest';
import { pickLanguage, readConfig } from './read-config.ts';

test.each([
  [['en', 'zh-CN', 'zh-CN'], 'en'],
  [['auto', 'zh-CN', 'en-US'], 'zh-CN'],
  [[undefined, 'zh-Hant-TW', 'en-US'], 'zh-CN'],
  [[undefined, 'de', 'zh'], 'zh-CN'],
  [['auto', '', 'fr'], 'en'],
  [['auto', 'enm', 'zhx'], 'en'],
])('of the wishes %j the language is %s', (wishes, language) => {
  expect(pickLanguage(wishes)).toBe(language);
});

const tag = (dataset: Record<string, string>) =>
  ({ src: 'https://desk.example/chat/widget.js?v=1', nonce: 'n', dataset }) as unknown as HTMLScriptElement;

test('the desk is where the script came from', () => {
  expect(readConfig(tag({ account: 'a1' }), ['en'])).toEqual({
    server: 'https://desk.example',
    accountId: 'a1',
    language: 'en',
    nonce: 'n',
  });
});

test('a tag without an account says what is missing', () => {
  expect(() => readConfig(tag({}), [])).toThrow('data-account');
});
