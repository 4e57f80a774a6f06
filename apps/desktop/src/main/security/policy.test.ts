import { expect, test } from 'vitest';
import { buildPolicy } from './policy.ts';
import { isApiRequest } from './server-origin.ts';

function directive(policy: string, name: string): string | undefined {
  return policy.split('; ').find((part) => part.startsWith(`${name} `));
}

test('the page may speak to the chosen server and to nobody else', () => {
  expect(directive(buildPolicy('https://desk.example'), 'connect-src')).toBe(
    "connect-src 'self' https://desk.example wss://desk.example",
  );
  expect(directive(buildPolicy('http://127.0.0.1:7373'), 'connect-src')).toBe(
    "connect-src 'self' http://127.0.0.1:7373 ws://127.0.0.1:7373",
  );
  expect(directive(buildPolicy(null), 'connect-src')).toBe("connect-src 'self'");
});

test('nothing inline and nothing evaluated', () => {
  expect(buildPolicy('https://desk.example')).not.toMatch(/unsafe|\*/);
});

test.each([
  ['https://desk.example/api/me', true],
  ['wss://desk.example/socket.io/?EIO=4', true],
  ['https://desk.example/assets/x.js', false],
  ['https://desk.example.evil.example/api/me', false],
  ['https://desk.example:8443/api/me', false],
  ['http://desk.example/api/me', false],
  ['ws://desk.example/socket.io/', false],
  ['https://evil.example/api/me', false],
])('the token goes to the server’s API only: %s %s', (url, expected) => {
  expect(isApiRequest(url, 'https://desk.example')).toBe(expected);
});
