import { expect, test } from 'vitest';
import { checkServer, toOrigins } from './server-check.ts';

test.each([
  ['desk.example', ['https://desk.example']],
  [' desk.example:8443/some/path ', ['https://desk.example:8443']],
  ['https://Desk.Example/#/invite/abc', ['https://desk.example']],
  ['http://desk.example', ['http://desk.example']],
  ['tradewind://connect?server=https://desk.example', ['https://desk.example']],
  ['localhost:7373', ['https://localhost:7373', 'http://localhost:7373']],
  ['192.168.1.20:7373', ['https://192.168.1.20:7373', 'http://192.168.1.20:7373']],
  ['desk.local', ['https://desk.local', 'http://desk.local']],
  ['http://127.0.0.1:7373/', ['http://127.0.0.1:7373']],
  ['ftp://desk.example', []],
  ['javascript://desk', []],
  ['https://me:secret@desk.example', []],
  ['http://[::1]:7373', []],
  ['two words', []],
  ['https://', []],
])('%s means %o', (address, origins) => {
  expect(toOrigins(address)).toEqual(origins);
});

const ANSWER = { deskName: 'Lantern & Loom', needsSetup: false, version: '0.1.0' };

/** What each origin answers; one that is not listed cannot be reached. */
function fetchFrom(answers: Record<string, () => Response>): typeof fetch {
  return async (input) => {
    const answer = answers[new URL(String(input)).origin];
    if (!answer) throw new Error('net::ERR_CONNECTION_REFUSED');
    return answer();
  };
}

test('a desk is named', async () => {
  const fetch = fetchFrom({ 'https://desk.example': () => Response.json(ANSWER) });
  expect(await checkServer('desk.example', fetch)).toEqual({
    kind: 'ok',
    origin: 'https://desk.example',
    name: 'Lantern & Loom',
    needsSetup: false,
  });
});

test('a machine close by is asked over http when https does not answer', async () => {
  const fetch = fetchFrom({ 'http://localhost:7373': () => Response.json(ANSWER) });
  expect(await checkServer('localhost:7373', fetch)).toMatchObject({ kind: 'ok', origin: 'http://localhost:7373' });
});

test('a public name is never asked over http unless that was typed', async () => {
  const fetch = fetchFrom({ 'http://desk.example': () => Response.json(ANSWER) });
  expect(await checkServer('desk.example', fetch)).toMatchObject({ kind: 'unreachable' });
});

test('where http leads on to https, https is kept', async () => {
  const answer = Object.defineProperty(Response.json(ANSWER), 'url', { value: 'https://desk.example/api/setup' });
  const fetch = fetchFrom({ 'http://desk.example': () => answer });
  expect(await checkServer('http://desk.example', fetch)).toMatchObject({ origin: 'https://desk.example' });
});

test.each([
  ['a page of somebody else', () => new Response('<html>'), 'not-tradewind'],
  ['another API', () => Response.json({ version: 1 }), 'not-tradewind'],
  ['a proxy’s error', () => Response.json(ANSWER, { status: 502 }), 'not-tradewind'],
])('%s is told apart', async (_what, answer, kind) => {
  expect(await checkServer('desk.example', fetchFrom({ 'https://desk.example': answer }))).toMatchObject({ kind });
});

test('a certificate nobody trusts is told as such, not as silence', async () => {
  const fetch = async () => {
    throw new Error('net::ERR_CERT_AUTHORITY_INVALID');
  };
  expect(await checkServer('desk.example', fetch)).toMatchObject({ kind: 'certificate' });
});

test('what is no address is not asked for', async () => {
  expect(await checkServer('two words', fetchFrom({}))).toMatchObject({ kind: 'not-an-address' });
});
