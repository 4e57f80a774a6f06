import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ChatFiles } from '../chat/files.ts';
import { createChatRoutes } from './chat.ts';
import { createErrorHandler } from './problem.ts';
import { setSecurityHeaders } from './security-headers.ts';

let folder: string;
let server: Server;
let url: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tradewind-widget-'));
  const app = express();
  app.use(setSecurityHeaders);
  const refuse = () => Promise.reject(new Error('not asked here'));
  const gateway = { readSettings: refuse, assertAllowed: refuse };
  app.use(createChatRoutes({ widgetDir: folder, filesDir: folder, files: {} as ChatFiles, gateway }));
  app.use(createErrorHandler(pino({ level: 'silent' })));
  server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

async function get(path: string) {
  const response = await fetch(url + path);
  const { headers } = response;
  return { status: response.status, type: headers.get('content-type'), headers, text: await response.text() };
}

test('the widget is served to pages of any origin: the launcher for minutes, what has a hash in its name for ever', async () => {
  await writeFile(join(folder, 'widget.js'), '/* launcher */');
  await writeFile(join(folder, 'client-a1B2_c.js'), '/* client */');
  await writeFile(join(folder, 'client-a1B2_c.js.map'), '{}');
  for (const [path, caching] of [
    ['/chat/widget.js', 'public, max-age=300'],
    ['/chat/client-a1B2_c.js', 'public, max-age=31536000, immutable'],
  ] as const) {
    const { status, type, headers } = await get(path);
    expect([status, type]).toEqual([200, 'text/javascript; charset=utf-8']);
    expect(headers.get('cache-control')).toBe(caching);
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  }
  for (const path of [
    '/chat/client-old.js',
    '/chat/client-a1B2_c.js.map',
    '/chat/',
    '/chat/..%2fwidget.js',
    '/chat/x',
  ]) {
    const { status, headers } = await get(path);
    expect([path, status, headers.get('cache-control')]).toEqual([path, 404, null]);
  }
});

test('a widget that is not built says so', async () => {
  for (const path of ['/chat/widget.js', '/chat/client-a1.js']) {
    const { status, type, text } = await get(path);
    expect([status, type]).toEqual([503, 'application/problem+json; charset=utf-8']);
    expect(JSON.parse(text).title).toContain('not built');
  }
});
