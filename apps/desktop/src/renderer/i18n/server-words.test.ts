import i18next from 'i18next';
import { beforeAll, expect, test } from 'vitest';
import { en } from './en.ts';
import { translateServerWords } from './server-words.ts';
import { zhCn } from './zh-cn.ts';

beforeAll(async () => {
  await i18next.init({ lng: 'zh-CN', resources: { en: { translation: en }, 'zh-CN': { translation: zhCn } } });
});

test('a sentence of the server that is known is said in the language of the screens', () => {
  const t = i18next.getFixedT('zh-CN');
  expect(translateServerWords('the signature is wrong', t)).toBe(zhCn.setup.says.wrongSignature);
  expect(translateServerWords('must have at least 8 characters', t)).toBe(zhCn.setup.says.shortPassword);
});

test('the page a chat was refused on is named', () => {
  const t = i18next.getFixedT('en');
  const sentence = translateServerWords('the origin https://a.example is not in allowedOrigins', t);
  expect(sentence).toContain('https://a.example');
  expect(sentence).not.toContain('allowedOrigins');
});

test('any other sentence is shown as it came', () => {
  expect(translateServerWords('the moon is full', i18next.getFixedT('zh-CN'))).toBe('the moon is full');
});
