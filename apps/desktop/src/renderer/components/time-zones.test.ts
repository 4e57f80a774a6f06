import { expect, test } from 'vitest';
import { describeTimeZone, findTimeZones, listTimeZones } from './time-zones.ts';

const zones = listTimeZones('en');
const idsOf = (typed: string) => findTimeZones(zones, typed).map(({ id }) => id);

test('a zone is found by its place, its name, its offset and its identifier', () => {
  expect(idsOf('shanghai')[0]).toBe('Asia/Shanghai');
  expect(idsOf('new york')[0]).toBe('America/New_York');
  expect(idsOf('America/New_York')).toContain('America/New_York');
  expect(idsOf('china time')).toContain('Asia/Shanghai');
  expect(idsOf('gmt+5:45').join()).toMatch(/Asia\/Kath?mandu/);
});

test('a zone is found by its name in the language of the reader', () => {
  const chinese = listTimeZones('zh-CN');
  expect(findTimeZones(chinese, '中国').map(({ id }) => id)).toContain('Asia/Shanghai');
});

test('nothing typed shows all, nonsense none', () => {
  expect(idsOf('')).toHaveLength(zones.length);
  expect(idsOf('nowhere at all')).toEqual([]);
});

test('a zone this browser does not know is shown by its identifier', () => {
  expect(describeTimeZone('Mars/Olympus_Mons', 'en')).toMatchObject({ id: 'Mars/Olympus_Mons', place: 'Olympus Mons' });
});
