import { once } from 'node:events';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import express from 'express';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createConsole } from './console.ts';

const SCRIPT = `export const words = ${JSON.stringify('a script of the console '.repeat(500))};\n`;
const NAME = '/assets/index-a1b2c3.js';
let parent: string;
let folder: string;
let server: Server;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'tradewind-console-'));
  folder = join(parent, 'renderer');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(parent, 'secret.js'), SCRIPT);
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Desk</title>');
  await writeFile(join(folder, NAME), SCRIPT);
  await writeFile(join(folder, 'assets', 'font.woff2'), Buffer.alloc(5_000));
  await writeFile(join(folder, 'sw.js'), SCRIPT);
  server = createServer(express().use(createConsole(folder))).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(parent, { recursive: true });
});

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

/** Not `fetch`, which decompresses by itself. */
async function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { port } = server.address() as AddressInfo;
  const request = httpRequest({ port, path, headers, method }).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
}

const CHROME = { 'accept-encoding': 'gzip, deflate, br, zstd' };

test('scripts go out compressed, each in the best way its reader takes', async () => {
  const brotli = await get(NAME, CHROME);
  expect(brotli.headers).toMatchObject({
    'content-encoding': 'br',
    'content-type': 'text/javascript; charset=utf-8',
    'content-length': String(brotli.body.length),
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'Accept-Encoding',
  });
  expect(brotli.headers['content-security-policy']).toContain("script-src 'self'");
  expect(brotliDecompressSync(brotli.body).toString()).toBe(SCRIPT);
  const gzip = await get(NAME, { 'accept-encoding': 'gzip, br;q=0' });
  expect(gzip.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(gzip.body).toString()).toBe(SCRIPT);
  for (const headers of [{}, { 'accept-encoding': 'identity' }, { 'accept-encoding': 'zstd' }]) {
    const plain = await get(NAME, headers as Record<string, string>);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.headers.vary).toBe('Accept-Encoding');
    expect(plain.body.toString()).toBe(SCRIPT);
  }
  const tags = [brotli, gzip, await get(NAME)].map(({ headers }) => headers.etag);
  expect(new Set(tags).size).toBe(3);
});

test('what a browser holds already is not sent again, until it changes', async () => {
  const first = await get('/sw.js', CHROME);
  expect(first.headers['cache-control']).toBe('no-cache');
  const asking = { ...CHROME, 'if-none-match': first.headers.etag ?? '' };
  expect(await get('/sw.js', asking)).toMatchObject({ status: 304, body: Buffer.alloc(0) });
  await writeFile(join(folder, 'sw.js'), SCRIPT.replace('words', 'terms'));
  await utimes(join(folder, 'sw.js'), new Date(), new Date(Date.now() + 5_000));
  const second = await get('/sw.js', asking);
  expect(second.status).toBe(200);
  expect(brotliDecompressSync(second.body).toString()).toContain('terms');
});

test('the page of this build replaces any other, also one that was built later', async () => {
  const tomorrow = new Date(Date.now() + 86_400_000).toUTCString();
  const { status, headers } = await get('/', { ...CHROME, 'if-modified-since': tomorrow });
  expect([status, headers['last-modified']]).toEqual([200, undefined]);
});

test('a part of a file is a part of the plain file', async () => {
  const part = await get(NAME, { ...CHROME, range: 'bytes=0-5' });
  expect([part.status, part.headers['content-encoding'], part.body.toString()]).toEqual([206, undefined, 'export']);
});

test('HEAD tells of the compressed file; small files, fonts and pages go out as they are', async () => {
  const head = await get(NAME, CHROME, 'HEAD');
  expect([head.headers['content-encoding'], head.body.length]).toEqual(['br', 0]);
  for (const path of ['/', '/index.html', '/assets/font.woff2']) {
    const { status, headers } = await get(path, CHROME);
    expect([path, status, headers['content-encoding']]).toEqual([path, 200, undefined]);
  }
});

test('what is not there is not cached, and no other folder is reached', async () => {
  for (const path of ['/assets/none.js', '/../secret.js', '/assets/%2e%2e/%2e%2e/secret.js', '/..%2fsecret.js']) {
    const { status, headers } = await get(path, CHROME);
    expect([path, status]).toEqual([path, expect.toSatisfy((code: number) => code >= 400 && code < 500)]);
    expect(headers['cache-control']).toBeUndefined();
  }
});
