import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { expect, onTestFinished, test } from 'vitest';
import type { ChatFiles } from '../chat/files.ts';
import type { ChatGateway } from '../chat/gateway.ts';
import { createChatRoutes } from './chat.ts';

test("the chat's programs go out compressed, to pages of every origin", async () => {
  const widgetDir = await mkdtemp(join(tmpdir(), 'tradewind-widget-'));
  const script = 'the chat of a shop '.repeat(500);
  for (const name of ['widget.js', 'client-a1b2.js']) await writeFile(join(widgetDir, name), script);
  const routes = createChatRoutes({
    widgetDir,
    filesDir: widgetDir,
    // Programs are files; nobody is asked.
    files: {} as ChatFiles,
    gateway: {} as ChatGateway,
  });
  const server = createServer(express().use(routes)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await rm(widgetDir, { recursive: true });
  });
  const { port } = server.address() as AddressInfo;
  for (const [name, caching] of [
    ['widget.js', 'public, max-age=300'],
    ['client-a1b2.js', 'public, max-age=31536000, immutable'],
  ]) {
    for (const encoding of ['br', 'gzip', null]) {
      const headers = { 'accept-encoding': encoding ?? 'identity' };
      const response = await fetch(`http://127.0.0.1:${port}/chat/${name}`, { headers });
      expect(await response.text()).toBe(script);
      expect(response.headers.get('content-encoding')).toBe(encoding);
      expect(response.headers.get('cache-control')).toBe(caching);
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      expect(response.headers.get('vary')).toBe('Accept-Encoding');
    }
  }
  expect((await fetch(`http://127.0.0.1:${port}/chat/client-none.js`)).headers.get('cache-control')).toBeNull();
});
