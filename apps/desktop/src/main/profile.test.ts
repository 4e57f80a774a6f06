import { expect, test } from 'vitest';
import { chooseProfile } from './profile.ts';

test('the flag, then the variable, then the usual place', () => {
  expect(chooseProfile({ TRADEWIND_PROFILE: '/tmp/b' }, '/tmp/a', '/home/mei/.config')).toBe('/tmp/a');
  expect(chooseProfile({ TRADEWIND_PROFILE: '/tmp/b' }, '', '/home/mei/.config')).toBe('/tmp/b');
  expect(chooseProfile({}, '', '/home/mei/.config')).toBe('/home/mei/.config/Tradewind');
});
