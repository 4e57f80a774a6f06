import { expect, test } from 'vitest';
import { formatAddress, isMailAddress, parseAddresses } from './addresses.ts';
import { decodeEncodedWords } from './encoded-words.ts';
import { collectReferences, normaliseMessageId, parseMessageIds } from './headers.ts';
import { decodeText, toSingleLine } from './text.ts';

test.each([
  ['a@x', '<a@x>'],
  ['<a@x>', '<a@x>'],
  [' < a@x > ', '<a@x>'],
  ['<a@\r\n x>', '<a@x>'],
  ['a b@x', '<b@x>'],
  ['no-host', '<no-host>'],
  ['<no-host>', '<no-host>'],
  ['', null],
  ['<>', null],
  ['\u0000', null],
  [`<${'a'.repeat(5_000)}@x>`, null],
])('Message-Id %j is %j', (value, id) => {
  expect(normaliseMessageId(value)).toBe(id);
});

test('several ids in one header are all read, whatever stands between them', () => {
  expect(parseMessageIds('<a@x><b@x>\r\n\t<c@x>, d@x;"Monday" said <e@x')).toEqual([
    '<a@x>',
    '<b@x>',
    '<c@x>',
    '<d@x>',
    '<e@x>',
  ]);
});

test('references are the newest hundred, each once, what is answered last', () => {
  const many = Array.from({ length: 150 }, (_, index) => `<${index}@x>`);
  const list = collectReferences([
    ['References', many.join(' ')],
    ['In-Reply-To', '<7@x>'],
  ]);
  expect(list).toHaveLength(100);
  expect(list.slice(-2)).toEqual(['<149@x>', '<7@x>']);
});

test.each([
  ['"Li, Lei" <li@x.example>', [{ name: 'Li, Lei', address: 'li@x.example' }]],
  [
    'Team: a@x.example, B <b@x.example>;',
    [
      { name: '', address: 'a@x.example' },
      { name: 'B', address: 'b@x.example' },
    ],
  ],
  ['undisclosed-recipients:;', []],
  [
    'a@x.example; b@x.example',
    [
      { name: '', address: 'a@x.example' },
      { name: '', address: 'b@x.example' },
    ],
  ],
  ['"a@evil.example" <real@x.example>', [{ name: 'a@evil.example', address: 'real@x.example' }]],
  ['"evil@evil.example b"@x.example', []],
  ['a@b@c', []],
])('addresses of %j', (header, addresses) => {
  expect(parseAddresses(header)).toEqual(addresses);
});

test('an address is written so that nothing can be smuggled in', () => {
  expect(formatAddress({ name: 'Li "Lei", Sales', address: 'li@x.example' })).toBe(
    '"Li \\"Lei\\", Sales" <li@x.example>',
  );
  expect(formatAddress({ name: '李雷', address: 'li@x.example' })).toBe('李雷 <li@x.example>');
  expect(formatAddress({ name: 'a\r\nBcc: x@y.example', address: 'li@x.example' })).toBe(
    '"a Bcc: x@y.example" <li@x.example>',
  );
  expect(formatAddress({ name: '', address: 'li@x.example' })).toBe('li@x.example');
  expect(isMailAddress(`${'a'.repeat(400)}@x.example`)).toBe(false);
});

test.each([
  ['plain', 'plain'],
  ['=?utf-8?Q?a_b=3F?= c', 'a b? c'],
  ['=?utf-8*en?b?5p2O?=', '李'],
  ['=?gbk?B?wO7A1w==?=', '李雷'],
  // 李雷 cut in the middle of a character
  ['=?gbk?B?wO7A?= =?gbk?B?1w==?=', '李雷'],
  ['=?gbk?B?wO4=?= =?utf-8?B?6Zu3?=', '李雷'],
  ['=?unknown-charset?Q?caf=C3=A9?=', 'café'],
  ['=?utf-8?Q?broken', '=?utf-8?Q?broken'],
  ['=?iso-2022-jp?B?GyRCOCY1ZhsoQg==?=', '研究'],
])('encoded words %j are %j', (value, text) => {
  expect(decodeEncodedWords(value)).toBe(text);
});

test.each([
  ['UTF-8 without a label', '李雷', [], Buffer.from('李雷')],
  ['GBK without a label', '李雷', [], Buffer.from('c0eec0d7', 'hex')],
  ['GBK with a wrong label', '李雷', ['utf-8'], Buffer.from('c0eec0d7', 'hex')],
  ['GB2312 that is GB18030', '€', ['gb2312'], Buffer.from('a2e3', 'hex')],
  ['Big5 with its label', '我', ['big5'], Buffer.from('a7da', 'hex')],
  ['Latin-1 without a label', 'café au lait', [], Buffer.from('636166e9206175206c616974', 'hex')],
])('%s is decoded', (_what, text, charsets, bytes) => {
  expect(decodeText(bytes, charsets)).toBe(text);
});

test('one line of a million blanks takes no time', () => {
  const startedAt = performance.now();
  expect(toSingleLine(` a${' '.repeat(1_000_000)}\r\n b\u0000\t`)).toMatch(/^a\s+b$/);
  expect(performance.now() - startedAt).toBeLessThan(500);
});
