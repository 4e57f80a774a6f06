import { expect, test } from 'vitest';
import { splitLinks, toSafeHref } from './links.ts';

const links = (text: string) => splitLinks(text).flatMap((token) => (token.href ? [token.text] : []));

test('addresses end before punctuation, also Chinese', () => {
  expect(links('See https://a.example/x?y=1, and (https://b.example).')).toEqual([
    'https://a.example/x?y=1',
    'https://b.example',
  ]);
  expect(links('请看https://a.example/订单。谢谢')).toEqual(['https://a.example/订单']);
  expect(links('https://a.example/Lamp_(light)')).toEqual(['https://a.example/Lamp_(light)']);
});

test('mail addresses become mailto links', () => {
  expect(splitLinks('write to li@example.com now')[1]).toEqual({
    text: 'li@example.com',
    href: 'mailto:li@example.com',
  });
});

test('nothing is lost or added', () => {
  const text = 'a http://x.example b ftp://y.example javascript:alert(1) c@d.example.';
  expect(
    splitLinks(text)
      .map((token) => token.text)
      .join(''),
  ).toBe(text);
});

test('only web, mail and phone addresses are followed', () => {
  expect(toSafeHref('javascript:alert(1)')).toBeNull();
  expect(toSafeHref(' java\nscript:alert(1)')).toBeNull();
  expect(toSafeHref('data:text/html,x')).toBeNull();
  expect(toSafeHref('/relative')).toBeNull();
  expect(toSafeHref('HTTPS://a.example')).toBe('https://a.example/');
});

test('long hostile text is read in linear time', () => {
  const started = performance.now();
  splitLinks('a.'.repeat(200_000));
  splitLinks(`${'a@'.repeat(100_000)}`);
  expect(performance.now() - started).toBeLessThan(1000);
});
