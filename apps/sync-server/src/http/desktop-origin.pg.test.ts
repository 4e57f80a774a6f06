import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../../test/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

function preflight(origin: string, path = '/api/commands') {
  const headers = {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization',
  };
  return api.call('OPTIONS', path, { headers });
}

test('the console in the desktop app may ask and read, without credentials', async () => {
  const asked = await preflight('app://desk');
  expect(asked.status).toBe(204);
  expect(asked.headers.get('access-control-allow-origin')).toBe('app://desk');
  expect(asked.headers.get('access-control-allow-headers')).toContain('authorization');
  expect(asked.headers.get('access-control-allow-credentials')).toBeNull();
  const read = await api.call('GET', '/api/me', { token: api.tokens.ana, headers: { origin: 'app://desk' } });
  expect(read.status).toBe(200);
  expect(read.headers.get('access-control-allow-origin')).toBe('app://desk');
});

test.each(['https://evil.example', 'app://desk.evil.example', 'app://other', 'null', 'http://app://desk'])(
  'a page of %s may not read the API',
  async (origin) => {
    expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull();
    const read = await api.call('GET', '/api/me', { token: api.tokens.ana, headers: { origin } });
    expect(read.headers.get('access-control-allow-origin')).toBeNull();
    expect(read.headers.get('vary')).toContain('Origin');
  },
);

test('what is not the API is nobody else’s to read', async () => {
  const { headers } = await api.call('GET', '/healthz', { headers: { origin: 'app://desk' } });
  expect(headers.get('access-control-allow-origin')).toBeNull();
});
