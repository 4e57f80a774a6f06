import { expect, test } from 'vitest';
import { toStartAddress } from './start-address.ts';

test.each([
  ['', 'app://desk/'],
  ['app://desk/#/servers', 'app://desk/'],
  ['app://desk/#/conversation/of-the-old-server', 'app://desk/'],
  ['app://desk/#/invite/abc-123', 'app://desk/#/invite/abc-123'],
  ['app://desk/#/setup/1234-5678', 'app://desk/#/setup/1234-5678'],
])('after %s comes %s', (before, after) => {
  expect(toStartAddress(before)).toBe(after);
});
