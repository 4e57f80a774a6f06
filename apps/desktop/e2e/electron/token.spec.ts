import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';

const TOKEN = `tw_${'a'.repeat(43)}`;

/** A server that takes note of who shows it a token, and sends requests for `/api/away` on. */
async function listen(away = ''): Promise<{ server: Server; url: string; heard: [string, string | undefined][] }> {
  const heard: [string, string | undefined][] = [];
  const server = createServer((request, response) => {
    heard.push([request.url ?? '', request.headers.authorization]);
    if (request.url === '/api/away') response.writeHead(307, { location: `${away}/api/stolen` }).end();
    else response.end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
}

test('the session token goes to the chosen server’s API and sockets alone, also when that server sends one on', async ({
  launch,
}) => {
  const other = await listen();
  const chosen = await listen(other.url);
  const app = await launch({ env: { TRADEWIND_SERVER: chosen.url } });
  await app.page.evaluate((token) => window.tradewind?.session.adopt(token), TOKEN);
  const fetchAll = (urls: string[]) =>
    app.electron.evaluate(async ({ session }, list) => {
      for (const url of list) await session.defaultSession.fetch(url).catch(() => null);
    }, urls);
  chosen.heard.length = 0;
  await fetchAll([`${chosen.url}/api/mine`, `${chosen.url}/socket.io/?x`, `${chosen.url}/chat/widget.js`]);
  await fetchAll([`${other.url}/api/theirs`, chosen.url.replace('http://', 'http://user@'), `${chosen.url}/api/away`]);
  const bearer = `Bearer ${TOKEN}`;
  const asked = chosen.heard.filter(([path]) => !path.startsWith('/api/setup'));
  expect(asked).toEqual(
    expect.arrayContaining([
      ['/api/mine', bearer],
      ['/socket.io/?x', bearer],
      ['/chat/widget.js', undefined],
      ['/api/away', bearer],
    ]),
  );
  expect(other.heard).toEqual([
    ['/api/theirs', undefined],
    ['/api/stolen', undefined],
  ]);
  // Another server chosen: the token stays with the one that gave it.
  await app.page.evaluate((origin) => window.tradewind?.servers.choose(origin), other.url);
  await expect.poll(() => other.heard.length).toBeGreaterThan(2);
  await fetchAll([`${other.url}/api/mine`, `${chosen.url}/api/late`]);
  expect(other.heard.filter(([, token]) => token !== undefined)).toEqual([]);
  expect(chosen.heard).toContainEqual(['/api/late', undefined]);
  for (const { server } of [other, chosen]) server.closeAllConnections();
  for (const { server } of [other, chosen]) server.close();
});
