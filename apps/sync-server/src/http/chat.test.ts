import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type ClientRequest, createServer, request as openRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ChatFiles } from '../chat/files.ts';
import { BodyBudget } from '../ingest/body-budget.ts';
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
  const readSettings = () => Promise.reject(new Error('not asked here'));
  const gateway = { readSettings, assertAllowed: async () => undefined };
  const files = {
    readUploadKey: () => ({ accountId: 'account', visitorId: 'visitor' }),
    takeUpload: () => undefined,
    save: async (_visitor: unknown, content: Buffer) => ({ sizeBytes: content.length }),
  };
  const bodies = new BodyBudget(1_000, 1_000);
  const routes = { widgetDir: folder, filesDir: folder, files: files as unknown as ChatFiles, gateway, bodies };
  app.use(createChatRoutes(routes));
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

/** Begins to upload with so many bytes, and goes no further. */
async function beginUpload(bytes: number): Promise<ClientRequest> {
  const upload = openRequest(`${url}/chat/files`, { method: 'POST', headers: { 'x-file-name': 'a' } });
  upload.on('error', () => undefined); // cut off at the end
  await new Promise<void>((resolve) => upload.write(Buffer.alloc(bytes), () => resolve()));
  return upload;
}

test('files that are being uploaded share what memory there is for them, and give it back', async () => {
  const send = async (bytes: number) => {
    const headers = { 'x-file-name': 'a' };
    const response = await fetch(`${url}/chat/files`, { method: 'POST', headers, body: new Uint8Array(bytes) });
    return [response.status, await response.json()];
  };
  expect(await send(900)).toEqual([201, { sizeBytes: 900 }]);
  const slow = await beginUpload(900);
  await vi.waitFor(async () => expect(await send(200)).toEqual([503, expect.objectContaining({ status: 503 })]));
  slow.destroy();
  await vi.waitFor(async () => expect(await send(900)).toEqual([201, { sizeBytes: 900 }]));
});
