import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../../test/api.ts';

let api: TestApi;
let consoleDir: string;
beforeAll(async () => {
  consoleDir = await mkdtemp(join(tmpdir(), 'tradewind-console-'));
  api = await startTestApi({ consoleDir, config: { publicUrl: null, trustProxy: 'loopback' } });
});
afterAll(async () => {
  await api.close();
  await rm(consoleDir, { recursive: true });
});

const html = { accept: 'text/html,application/xhtml+xml' };

test('a console that is not built says so; once built it is served without a restart', async () => {
  const missing = await api.call('GET', '/', { headers: html });
  expect(missing.status).toBe(503);
  expect(missing.text).toContain('not built');
  await mkdir(join(consoleDir, 'assets'));
  await writeFile(join(consoleDir, 'index.html'), '<!doctype html><title>Desk</title>');
  await writeFile(join(consoleDir, 'assets', 'main-a1b2c3.js'), 'export {}');
  for (const path of ['/', '/conversations/123', '/index.html']) {
    const page = await api.call('GET', path, { headers: html });
    expect(page.status).toBe(200);
    expect(page.text).toContain('<title>Desk</title>');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self';");
  }
  expect((await api.call('GET', '/', { headers: { accept: '*/*' } })).text).toContain('<title>Desk</title>');
  expect((await api.call('GET', '/nowhere', { headers: { accept: '*/*' } })).status).toBe(404);
  const script = await api.call('GET', '/assets/main-a1b2c3.js');
  expect(script.headers.get('cache-control')).toContain('immutable');
  expect(script.headers.get('content-type')).toContain('javascript');
  expect((await api.call('GET', '/assets/gone.js', { headers: html })).status).toBe(404);
  expect((await api.call('GET', '/..%2f..%2fpackage.json')).status).toBeGreaterThanOrEqual(400);
});

test('answers carry the headers that keep browsers from guessing, framing and leaking', async () => {
  const { headers } = await api.call('GET', '/api/me');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-powered-by')).toBeNull();
  expect(headers.get('strict-transport-security')).toBeNull();
  const secure = await api.call('GET', '/api/me', { headers: { 'x-forwarded-proto': 'https' } });
  expect(secure.headers.get('strict-transport-security')).toContain('max-age');
});

test('the server is alive, and ready while the schema is its own', async () => {
  expect((await api.call('GET', '/healthz')).body).toEqual({ status: 'ok' });
  expect((await api.call('GET', '/readyz')).body).toEqual({ status: 'ready' });
  await api.db.schema.alterTable('schema_version').renameTo('elsewhere').execute();
  const unready = await api.call('GET', '/readyz');
  await api.db.schema.alterTable('elsewhere').renameTo('schema_version').execute();
  expect(unready.status).toBe(503);
  expect(unready.body.reason).toContain('schema version 0');
});

test('metrics are for this machine and for admins', async () => {
  await api.call('GET', '/api/orders?q=secret-word', { token: api.tokens.ana });
  const { text, headers } = await api.call('GET', '/metrics');
  expect(headers.get('content-type')).toContain('text/plain');
  expect(text).toContain(
    'tradewind_http_request_duration_seconds_count{method="GET",route="/api/orders",status="400"}',
  );
  expect(text).not.toContain('secret-word');
  expect(text).toContain('tradewind_backlog 0');
  expect(text).toContain('tradewind_change_log_head 0');
  const forwarded = { 'x-forwarded-for': '203.0.113.9' };
  expect((await api.call('GET', '/metrics', { headers: forwarded })).status).toBe(401);
  expect((await api.call('GET', '/metrics', { headers: forwarded, token: api.tokens.ana })).status).toBe(403);
  expect((await api.call('GET', '/metrics', { headers: forwarded, token: api.tokens.admin })).status).toBe(200);
});

test('the OpenAPI document describes every route by the schemas that check it', async () => {
  const { body } = await api.call('GET', '/api/openapi.json');
  expect(body.openapi).toBe('3.1.0');
  expect(body.info.version).toBe('1.2.3');
  const list = body.paths['/api/conversations'].get;
  expect(list.parameters.map((one: { name: string }) => one.name)).toEqual(
    expect.arrayContaining(['limit', 'cursor', 'status', 'q']),
  );
  expect(list.parameters.find((one: { name: string }) => one.name === 'status').schema.enum).toContain('resolved');
  expect(list.responses['200'].content['application/json'].schema.properties.items.items).toEqual({
    $ref: '#/components/schemas/Conversation',
  });
  const text = JSON.stringify(body);
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
    expect(Object.keys(body.components.schemas)).toContain(name);
  expect(text).not.toContain('$defs');
  expect(body.paths['/api/channels'].post.requestBody.content['application/json'].schema.required).toEqual(
    expect.arrayContaining(['kind', 'name', 'config']),
  );
});
