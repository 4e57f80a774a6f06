import { expect, test } from 'vitest';
import { formatAddress, parseAddressList } from './address.ts';

test('commas inside quotes and several forms are told apart', () => {
  expect(parseAddressList('"Berg, Mia" <mia@example.com>, li@example.com,李雷 <lei@example.cn>')).toEqual([
    { name: 'Berg, Mia', address: 'mia@example.com' },
    { name: '', address: 'li@example.com' },
    { name: '李雷', address: 'lei@example.cn' },
  ]);
});

test('one bad address makes the whole list unreadable', () => {
  expect(parseAddressList('mia@example.com, not an address')).toBeNull();
});

test('a name that needs quotes gets them', () => {
  expect(formatAddress({ name: 'Berg, Mia', address: 'm@example.com' })).toBe('"Berg, Mia" <m@example.com>');
  expect(formatAddress({ name: 'أحمد', address: 'a@example.com' })).toBe('أحمد <a@example.com>');
});
