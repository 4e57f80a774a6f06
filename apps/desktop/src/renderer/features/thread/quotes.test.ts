import { expect, test } from 'vitest';
import { splitQuotes } from './quotes.ts';

test('a reply above an English quotation', () => {
  expect(
    splitQuotes('Thanks!\n\nOn Mon, 5 Jan 2026 at 10:00, Li Lei <li@example.com> wrote:\n> Hello\n>\n> Bye\n'),
  ).toEqual([
    { kind: 'text', text: 'Thanks!' },
    { kind: 'quote', text: 'On Mon, 5 Jan 2026 at 10:00, Li Lei <li@example.com> wrote:\n> Hello\n>\n> Bye' },
  ]);
});

test('an attribution broken over two lines', () => {
  expect(
    splitQuotes('ok\nOn Mon, 5 Jan 2026 at 10:00, A Very Long Name\n<long@example.com> wrote:\n> x')[1]?.kind,
  ).toBe('quote');
});

test('a Chinese attribution without ">" quotes the rest', () => {
  expect(splitQuotes('收到了，谢谢。\n\n在 2026年1月5日 10:00，李雷 <li@example.com> 写道：\n\n你好')).toEqual([
    { kind: 'text', text: '收到了，谢谢。' },
    { kind: 'quote', text: '在 2026年1月5日 10:00，李雷 <li@example.com> 写道：\n\n你好' },
  ]);
});

test('answers between quoted lines stay visible', () => {
  expect(splitQuotes('> one?\nyes\n> two?\nno').map((segment) => segment.kind)).toEqual([
    'quote',
    'text',
    'quote',
    'text',
  ]);
});

test('plain prose that begins with "On" is not a quotation', () => {
  const text = 'On Monday I ordered two lamps.\nOnly one came.';
  expect(splitQuotes(text)).toEqual([{ kind: 'text', text }]);
});

test('an original-message line quotes the rest', () => {
  expect(splitQuotes('See below\n-----Original Message-----\nFrom: a\n\ntext').map((segment) => segment.kind)).toEqual([
    'text',
    'quote',
  ]);
});

test('a megabyte of text is split without delay', () => {
  const started = performance.now();
  splitQuotes(`${'on '.repeat(100_000)}\n`.repeat(4) + '在'.repeat(300_000));
  expect(performance.now() - started).toBeLessThan(500);
});
