import { expect, test } from 'vitest';
import { parseStart, toStartAddress } from './start-address.ts';

test.each([
  ['', 'app://desk/'],
  ['app://desk/#/servers', 'app://desk/'],
  ['app://desk/#/conversation/of-the-old-server', 'app://desk/'],
  ['app://desk/#/invite/abc-123', 'app://desk/#/invite/abc-123'],
  ['app://desk/#/setup/1234-5678', 'app://desk/#/setup/1234-5678'],
])('after %s comes %s', (before, after) => {
  expect(toStartAddress(before)).toBe(after);
});

test.each([
  ['http://127.0.0.1:7373', { server: 'http://127.0.0.1:7373', address: 'app://desk/' }],
  ['http://127.0.0.1:7373/#/setup/12', { server: 'http://127.0.0.1:7373', address: 'app://desk/#/setup/12' }],
  ['ftp://desk.example', null],
  ['', null],
  [undefined, null],
])('whoever starts the app with %s begins at %o', (link, start) => {
  expect(parseStart(link)).toEqual(start);
});
