import { expect, test } from 'vitest';
import { toNetwork } from './to-network.ts';

test('a household is one address, whatever its devices choose', () => {
  expect(toNetwork('2001:db8:1:2:aaaa:bbbb:cccc:dddd')).toBe('2001:db8:1:2');
  expect(toNetwork('2001:0DB8:0001:0002::1')).toBe('2001:db8:1:2');
  expect(toNetwork('2001:db8::1')).toBe('2001:db8:0:0');
  expect(toNetwork('fe80::1%eth0')).toBe('fe80:0:0:0');
  expect(toNetwork('::1')).toBe('0:0:0:0');
  expect(toNetwork('::ffff:203.0.113.7')).toBe('203.0.113.7');
  expect(toNetwork('203.0.113.7')).toBe('203.0.113.7');
});
