import { expect, test } from 'vitest';
import { type Language, MAIL_TEXTS } from './mail-texts.ts';

const facts = { desk: '信风 Shop', inviter: 'Mei', link: 'https://desk.example/#/invite/tw_x' };

test.each(Object.keys(MAIL_TEXTS) as Language[])(
  '%s: each mail names the desk and has the link on a line of its own',
  (language) => {
    for (const { subject, text } of [MAIL_TEXTS[language].invite(facts), MAIL_TEXTS[language].reset(facts)]) {
      expect(subject).toContain(facts.desk);
      expect(text.split('\n')).toContain(facts.link);
    }
  },
);

test('the languages differ', () => {
  expect(MAIL_TEXTS.en.invite(facts).text).not.toMatch(/[\u4e00-\u9fff]{3}/);
  expect(MAIL_TEXTS['zh-CN'].reset(facts).text).toMatch(/链接/);
});

test('Chinese addresses the reader as 你, as the console does', () => {
  const { invite, reset } = MAIL_TEXTS['zh-CN'];
  for (const { subject, text } of [invite(facts), reset(facts)]) expect(subject + text).not.toContain('您');
});
