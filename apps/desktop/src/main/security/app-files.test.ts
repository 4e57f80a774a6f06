import { expect, test } from 'vitest';
import { findAppFile, toContentType } from './app-files.ts';

test.each([
  ['app://desk/', '/console/index.html'],
  ['app://desk/#/conversation/c1', '/console/index.html'],
  ['app://desk/assets/index-1a.js?x', '/console/assets/index-1a.js'],
  ['app://desk/assets/%E4%BF%A1.svg', '/console/assets/信.svg'],
  ['app://desk/../../etc/passwd', '/console/etc/passwd'],
  ['app://desk/..%2f..%2fetc/passwd', null],
  ['app://desk/%2e%2e/secret', '/console/secret'],
  ['app://desk/a/..%5c..%5csecret', null],
  ['app://desk/%00', null],
  ['app://desk/%zz', null],
  ['app://other/index.html', null],
  ['https://desk/index.html', null],
])('%s is %s', (address, path) => {
  expect(findAppFile('/console', address)).toBe(path);
});

test('scripts and pages have the type browsers insist on', () => {
  expect(toContentType('/console/assets/a.js')).toBe('text/javascript; charset=utf-8');
  expect(toContentType('/console/index.html')).toBe('text/html; charset=utf-8');
  expect(toContentType('/console/x')).toBe('application/octet-stream');
});
