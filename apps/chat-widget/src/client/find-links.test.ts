import { expect, test } from 'vitest';
import { findLinks } from './find-links.ts';

const links = (text: string) =>
  findLinks(text).flatMap(({ text: shown, href }) => (href === null ? [] : [[shown, href]]));

test.each([
  ['See https://shop.example/a?b=1&c=2#d.', 'https://shop.example/a?b=1&c=2#d'],
  ['(https://shop.example/a_(b))!', 'https://shop.example/a_(b)'],
  ['看https://shop.example/订单', 'https://shop.example/'],
  ['在 https://shop.example/1，谢谢', 'https://shop.example/1'],
  ['“https://shop.example/x”', 'https://shop.example/x'],
  ['HTTPS://SHOP.example', 'HTTPS://SHOP.example'],
])('in %j the link is %s', (text, link) => {
  expect(links(text).map(([shown]) => shown)).toEqual([link]);
});

test('addresses without a scheme get one', () => {
  expect(links('www.shop.example or help@shop.example.')).toEqual([
    ['www.shop.example', 'https://www.shop.example/'],
    ['help@shop.example', 'mailto:help@shop.example'],
  ]);
});

test.each([
  'javascript:alert(1)',
  'data:text/html,x',
  'https://',
  'file:///etc/passwd',
  'a@b',
  'http://[',
  'vbscript:x',
])('%j is text', (text) => {
  expect(findLinks(text)).toEqual([{ text, href: null }]);
});

test('the parts are the text, whatever it is', () => {
  for (const text of ['', 'a\nb', 'x https://a.example y https://b.example', '((https://a.example))', '…@…']) {
    expect(
      findLinks(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  }
});

test('a long text full of almost-links does not take long', () => {
  const startedAt = performance.now();
  findLinks('a.'.repeat(5_000));
  findLinks(`https://${'('.repeat(9_990)}`);
  findLinks(`https://a.example/${')'.repeat(9_980)}`);
  findLinks('@'.repeat(10_000));
  expect(performance.now() - startedAt).toBeLessThan(500);
});
