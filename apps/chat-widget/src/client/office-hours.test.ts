import { expect, test } from 'vitest';
import { describeDay, describePresence } from './office-hours.ts';
import { en } from './words/en.ts';
import { zhCn } from './words/zh-cn.ts';

/** Local time, whatever the zone of this machine: a Friday. */
const now = new Date(2026, 0, 9, 20, 0).getTime();
const at = (day: number, hour = 9) => new Date(2026, 0, day, hour, 0).getTime();
const closedUntil = (changesAt: number | null) => ({ open: false, changesAt, agentsOnline: false });
const say = (changesAt: number | null) => describePresence(closedUntil(changesAt), now, en, 'en-US').text;

test('closed: when somebody is back, as people say it', () => {
  expect(say(at(9, 22))).toBe('Back today at 10:00 PM');
  expect(say(at(10))).toBe('Back tomorrow at 9:00 AM');
  expect(say(at(12))).toBe('Back on Monday at 9:00 AM');
  expect(say(at(20))).toBe('Back on January 20 at 9:00 AM');
  expect(say(null)).toBe('Closed at the moment');
  expect(describePresence(closedUntil(at(12)), now, zhCn, 'zh-CN').text.replace(' 09', ' 9')).toBe(
    '星期一 9:00 恢复服务',
  );
});

test('settings from before the last change know that it has passed', () => {
  expect(describePresence(closedUntil(now - 1), now, en, 'en').kind).toBe('away');
  expect(describePresence({ open: true, changesAt: now - 1, agentsOnline: true }, now, en, 'en').kind).toBe('closed');
});

test('open: somebody is there, or will be', () => {
  expect(describePresence({ open: true, changesAt: null, agentsOnline: true }, now, en, 'en').kind).toBe('online');
  expect(describePresence({ open: true, changesAt: at(10), agentsOnline: false }, now, en, 'en').kind).toBe('away');
});

test('days of messages, also where the clock is changed on one of them', () => {
  expect(describeDay(at(9, 1), now, en, 'en-GB')).toBe('today');
  expect(describeDay(at(8, 23), now, zhCn, 'zh-CN')).toBe('昨天');
  expect(describeDay(at(2), now, en, 'en-GB')).toMatch(/^Fri,? 2 Jan$/);
  expect(describeDay(new Date(2024, 4, 1).getTime(), now, en, 'en-GB')).toContain('2024');
});
