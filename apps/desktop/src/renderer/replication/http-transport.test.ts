import { buildCheckpoint, TEST_NOW } from '@tradewind/shared/testing/builders';
import { expect, test } from 'vitest';
import { createHttpTransport } from './http-transport.ts';

const { signal } = new AbortController();

function answerWith(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
  onErasing: (reason: string) => void = () => undefined,
) {
  const requests: { url: string; init: RequestInit | undefined }[] = [];
  const transport = createHttpTransport({
    origin: 'https://desk.example',
    agentId: 'agent-1',
    onErasing,
    fetch: async (url, init) => {
      requests.push({ url: String(url), init });
      return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });
    },
  });
  return { transport, requests, send: () => transport.sendCommands([], signal) };
}

test.each([
  [{ type: 'urn:tradewind:unauthenticated', reason: 'revoked', agentId: 'agent-1' }, ['revoked']],
  [{ type: 'urn:tradewind:unauthenticated', reason: 'disabled', agentId: 'agent-1' }, ['disabled']],
  [{ type: 'urn:tradewind:unauthenticated', reason: 'revoked', agentId: 'agent-2' }, []],
  [{ type: 'urn:tradewind:unauthenticated' }, []],
  [{ reason: 'revoked', agentId: 'agent-1' }, []],
  ['<html>a captive portal</html>', []],
])('[R15] only our own server’s word about this very agent erases: %j', async (body, erased) => {
  const told: string[] = [];
  const { send } = answerWith(401, body, {}, (reason) => told.push(reason));
  expect(await send()).toMatchObject({ ok: false, failure: { kind: 'unauthenticated' } });
  expect(told).toEqual(erased);
});

test.each([
  [400, { errors: [{ path: 'commands.0.text', message: 'must not be empty' }] }, 'refused'],
  [401, {}, 'unauthenticated'],
  [409, {}, 'access-changed'],
  [410, {}, 'resync'],
  [413, '<html>too large</html>', 'refused'],
  [426, {}, 'outdated'],
  [429, {}, 'busy'],
  [403, '<html>a proxy</html>', 'busy'],
  [500, {}, 'busy'],
  [502, '<html>bad gateway</html>', 'busy'],
  [200, '<html>a captive portal</html>', 'unreachable'],
  [200, { results: 'none' }, 'busy'],
])('an answer %i %o means "%s"', async (status, body, kind) => {
  expect(await answerWith(status, body).send()).toMatchObject({ ok: false, failure: { kind } });
});

test.each([
  ['the problem document', { retryAfterMs: 1_500 }, {}, 1_500],
  ['the header', {}, { 'retry-after': '7' }, 7_000],
  ['nobody', {}, { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, null],
])('the time to wait is told by %s', async (_by, body, headers, retryAfterMs) => {
  const answer = await answerWith(429, body, headers).send();
  expect(answer).toMatchObject({ ok: false, failure: { kind: 'busy', retryAfterMs } });
});

test('a page is asked for by checkpoint and access version, a change carries the header against forged requests', async () => {
  const page = { changes: [], checkpoint: buildCheckpoint(4), upToDate: true, accessVersion: 2, serverTime: TEST_NOW };
  const { transport, requests } = answerWith(200, page);
  const answer = await transport.pull({ checkpoint: buildCheckpoint(3), accessVersion: 1, limit: 5_000 }, signal);
  expect(answer).toMatchObject({ ok: true, value: page });
  await transport.pull({ checkpoint: null, accessVersion: null, limit: 5_000 }, signal);
  await transport.sendCommands([], signal);
  expect(requests.map(({ url }) => url)).toEqual([
    `https://desk.example/api/sync/changes?limit=5000&checkpoint=${buildCheckpoint(3)}&accessVersion=1`,
    'https://desk.example/api/sync/changes?limit=5000',
    'https://desk.example/api/commands',
  ]);
  expect(requests[2]?.init?.headers).toMatchObject({ 'x-tradewind-csrf': '1', 'x-tradewind-agent': 'agent-1' });
});
