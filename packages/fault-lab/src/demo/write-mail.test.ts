import { createRandom } from '@tradewind/shared/testing/random';
import { expect, test } from 'vitest';
import { customers, type DemoCustomer } from './people.ts';
import { type Letter, writeMail } from './write-mail.ts';

const by = (language: DemoCustomer['language']): DemoCustomer => {
  const customer = customers.find((candidate) => candidate.language === language);
  if (!customer) throw new Error(`nobody writes ${language}`);
  return customer;
};
const letter = (fields: Partial<Letter>): Letter => ({
  customer: by('en'),
  subject: 'Hello',
  text: 'Hi',
  files: [],
  asHtml: true,
  quoted: null,
  random: createRandom(1),
  ...fields,
});

test('text in HTML is escaped', () => {
  expect(writeMail(letter({ text: '<b>5 > 3 & "so"</b>' })).html).toContain(
    '&lt;b&gt;5 &gt; 3 &amp; &quot;so&quot;&lt;/b&gt;',
  );
});

test('Arabic and Hebrew are written from right to left', () => {
  expect(writeMail(letter({ customer: by('he') })).html).toContain('dir="rtl"');
  expect(writeMail(letter({ customer: by('zh') })).html).toContain('dir="ltr"');
});

test('what a mail answers stands quoted below', () => {
  const { text } = writeMail(letter({ text: 'Thanks', quoted: { text: 'Line one\nLine two', at: 0 } }));
  expect(text).toBe('Thanks\n\nOn 1970-01-01, Support wrote:\n> Line one\n> Line two');
});

test('a plain mail has no HTML', () => {
  expect(writeMail(letter({ asHtml: false }))).not.toHaveProperty('html');
});
