import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../../test/api.ts';

let api: TestApi;
let token: string;
beforeAll(async () => {
  api = await startTestApi();
  token = api.tokens.ana;
});
afterAll(() => api.close());

const upload = (body: string | Uint8Array, headers: Record<string, string>) =>
  api.call('POST', '/api/attachments', { token, body, headers });

test('what is uploaded is downloaded, as a file and never as a page', async () => {
  const html = '<script>alert(1)</script>';
  const headers = { 'content-type': 'text/html; charset=utf-8', 'x-file-name': encodeURIComponent('发票 "1".html') };
  const { status, body } = await upload(html, headers);
  expect(status).toBe(201);
  expect(body).toMatchObject({ name: '发票 "1".html', contentType: 'text/html', sizeBytes: html.length });
  const file = await api.call('GET', `/api/attachments/${body.id}`, { token });
  expect(file.text).toBe(html);
  expect(file.headers.get('content-type')).toBe('text/html');
  expect(file.headers.get('content-disposition')).toMatch(
    /^attachment; filename="[^"]*\\"1\\"\.html"; filename\*=UTF-8''%E5%8F%91/,
  );
  expect(file.headers.get('x-content-type-options')).toBe('nosniff');
  expect(file.headers.get('content-security-policy')).toContain('sandbox');
});

test('a range is a part, an impossible one is refused', async () => {
  const { body } = await upload('0123456789', { 'x-file-name': 'digits.txt' });
  const part = (range: string) => api.call('GET', `/api/attachments/${body.id}`, { token, headers: { range } });
  const middle = await part('bytes=2-4');
  expect(middle.status).toBe(206);
  expect(middle.text).toBe('234');
  expect(middle.headers.get('content-range')).toBe('bytes 2-4/10');
  expect((await part('bytes=-3')).text).toBe('789');
  expect((await part('bytes=50-60')).status).toBe(416);
});

test('an upload belongs to its author until a message takes it', async () => {
  const { body } = await upload('private', { 'x-file-name': 'a.txt' });
  expect((await api.call('GET', `/api/attachments/${body.id}`, { token: api.tokens.ben })).status).toBe(404);
  expect((await api.call('GET', `/api/attachments/${body.id}`, { token: api.tokens.admin })).status).toBe(200);
});

test('names and types of any kind do no harm', async () => {
  const cases = [
    ['..%2F..%2Fetc%2Fpasswd', 'nonsense', 'passwd', 'application/octet-stream'],
    ['100%.txt', 'text/plain', '100%.txt', 'text/plain'],
    ['a%0D%0Ab.txt', 'text/plain', 'a\r\nb.txt', 'text/plain'],
    ['%F0%9F%93%A6.json', 'application/json', '📦.json', 'application/json'],
  ] as const;
  for (const [header, type, name, contentType] of cases) {
    const { body } = await upload('x', { 'x-file-name': header, 'content-type': type });
    expect(body, header).toMatchObject({ name, contentType });
    const file = await api.call('GET', `/api/attachments/${body.id}`, { token });
    expect(file.status).toBe(200);
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename/);
  }
});

test('an empty file, a missing name, U+0000 and 25 MB and more are refused', async () => {
  expect((await upload('', { 'x-file-name': 'a' })).status).toBe(400);
  expect((await upload('x', {})).body.errors[0].path).toBe('x-file-name');
  expect((await upload('x', { 'x-file-name': 'a%00b' })).status).toBe(400);
  expect((await upload(Buffer.alloc(25 * 1024 * 1024 + 1), { 'x-file-name': 'big' })).status).toBe(413);
  expect((await upload(Buffer.alloc(25 * 1024 * 1024), { 'x-file-name': 'big' })).status).toBe(201);
});

test('a file that is not here yet is not found', async () => {
  await api.db
    .insertInto('attachments')
    .values({
      id: 'later',
      sha256: null,
      name: 'a',
      content_type: 'a/b',
      size_bytes: 1,
      uploaded_by: 'ana',
      created_at: 1,
    })
    .execute();
  expect((await api.call('GET', '/api/attachments/later', { token })).status).toBe(404);
});
