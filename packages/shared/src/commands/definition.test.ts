import { expect, test } from 'vitest';
import { mailAddressSchema, toPreview } from './definition.ts';

test.each([
  ['Hello,\n\nwhere is it?', 'Hello, where is it?'],
  ['\n\n  Hello  \n', 'Hello'],
  ['> what you wrote\n> more\n\nMy answer', 'My answer'],
  ['> only a quote', ''],
  ['', ''],
  ['\r\nHello\r\nWorld', 'Hello World'],
  ['Thanks\n\nOn Monday, Mei wrote:\n> It left today.\n>\n> Mei', 'Thanks'],
  ['> Which size?\nL\n> Which colour?\nRed', 'L'],
  ['One question:', 'One question:'],
  ['x'.repeat(200), 'x'.repeat(140)],
])('the preview of %j is %j', (text, preview) => {
  expect(toPreview(text)).toBe(preview);
});

test('a preview never ends in half a character', () => {
  expect(toPreview('🙂'.repeat(200))).toBe('🙂'.repeat(140));
});

test.each(['a@example.com', 'a.b+c@sub.example.co', 'ünïcode@例え.jp', ' a@example.com ', "o'hara@example.com"])(
  '%j is a mail address',
  (text) => {
    expect(mailAddressSchema.parse(text)).toBe(text.trim());
  },
);

test.each([
  '',
  'a',
  '@',
  'a@',
  '@b',
  'a b@example.com',
  'a@b@c',
  'a@example.com, b@example.com',
  '<a@example.com>',
  'a@b\n'.repeat(2),
])('%j is not a mail address', (text) => {
  expect(mailAddressSchema.safeParse(text).success).toBe(false);
});
