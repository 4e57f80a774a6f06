import { expect, test } from 'vitest';
import { isOutsideLink, judgeNavigation, mayDownload } from './navigation.ts';

test.each([
  ['app://desk/', 'allow'],
  ['app://desk/#/conversation/c1', 'allow'],
  ['app://desk/index.html?x=1#/settings', 'allow'],
  ['app://desk/api/attachments/0198-a_b', 'download'],
  ['app://desk/api/attachments/../../etc/passwd', 'block'],
  ['app://desk/assets/index.js', 'block'],
  ['app://other/', 'block'],
  ['app://desk.evil.example/', 'block'],
  ['https://desk.example/', 'open-outside'],
  ['http://127.0.0.1:7373/', 'open-outside'],
  ['mailto:mei@shop.example', 'open-outside'],
  ['tel:+4930123456', 'open-outside'],
  ['file:///etc/passwd', 'block'],
  ['javascript:alert(1)', 'block'],
  ['data:text/html,<script>1</script>', 'block'],
  ['tradewind://conversation/c1', 'block'],
  ['ms-msdt:/id', 'block'],
  ['not an address', 'block'],
  [`https://shop.example/${'a'.repeat(5_000)}`, 'block'],
])('%s: %s', (address, verdict) => {
  expect(judgeNavigation(address)).toBe(verdict);
});

test('only files of conversations and what the console made can be saved', () => {
  expect(mayDownload('app://desk/api/attachments/a1')).toBe(true);
  expect(mayDownload('blob:app://desk/0b3c')).toBe(true);
  expect(mayDownload('blob:https://evil.example/0b3c')).toBe(false);
  expect(mayDownload('https://evil.example/setup.exe')).toBe(false);
  expect(mayDownload('app://desk/index.html')).toBe(false);
});

test('the system is asked to open web, mail and telephone addresses only', () => {
  expect(isOutsideLink('https://track.example/1')).toBe(true);
  expect(isOutsideLink('smb://host/share')).toBe(false);
});
