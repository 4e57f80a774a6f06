import { expect, test } from 'vitest';
import { installPageApi, isInstalled, type PageApi, type PageWindow } from './page-api.ts';

function install(page: PageWindow) {
  const calls: unknown[] = [];
  const warnings: string[] = [];
  const actions = {
    open: () => calls.push('open'),
    close: () => calls.push('close'),
    logOut: () => calls.push('logOut'),
    identify: (identity: unknown) => calls.push(identity),
  };
  installPageApi(page, actions, (sentence) => warnings.push(sentence));
  return { calls, warnings, api: page.Tradewind as PageApi };
}

test('what was queued is carried out, in order, and so is what is queued later', () => {
  const page: PageWindow = { Tradewind: { queue: [['identify', 'a.b.c'], ['open']] } };
  expect(isInstalled(page)).toBe(false);
  const { calls, api } = install(page);
  api.queue.push(['close'], ['logOut']);
  expect(calls).toEqual(['a.b.c', 'open', 'close', 'logOut']);
  expect(isInstalled(page)).toBe(true);
});

test('what it does not know is refused with what it knows', () => {
  const { calls, warnings, api } = install({});
  api.queue.push(['toString'], 'open', ['identify', { sub: 1 }]);
  expect(calls).toEqual([]);
  expect(warnings).toHaveLength(3);
  expect(warnings[0]).toContain('[\'identify\', jwt], not ["toString"]');
});
