import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MAILGUN_KEY, SHOPIFY_SECRET } from './requests.ts';

/** The peer: `node:http` that reads and verifies the same requests, and nothing else. */
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const ok = request.url?.includes('shopify')
      ? verifyShopify(body, request.headers['x-shopify-hmac-sha256'])
      : verifyMailgun(body);
    response.writeHead(ok ? 200 : 401, { 'content-type': 'text/plain', 'content-length': 2 });
    response.end('ok');
  });
});

function verifyShopify(body: Buffer, header: string | string[] | undefined): boolean {
  const expected = createHmac('sha256', SHOPIFY_SECRET).update(body).digest();
  const given = Buffer.from(String(header), 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function verifyMailgun(body: Buffer): boolean {
  const fields = new URLSearchParams(body.toString('utf8'));
  const expected = createHmac('sha256', MAILGUN_KEY)
    .update(`${fields.get('timestamp')}${fields.get('token')}`)
    .digest();
  const given = Buffer.from(fields.get('signature') ?? '', 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

server.listen(0, '127.0.0.1', () => process.send?.({ kind: 'ready', port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit(0));
