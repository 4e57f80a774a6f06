import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connectJsonAccount } from '../../test/accounts.ts';
import type { AccountDirectory } from '../accounts/account-directory.ts';
import type { FileStore } from '../files/file-store.ts';
import { BodyBudget } from '../ingest/body-budget.ts';
import type { Inbox } from '../ingest/inbox.ts';
import { createMetrics } from '../observability/metrics.ts';
import { createWebhookHandler } from './webhook-handler.ts';

const MIB = 1024 * 1024;
let port: number;
let close: () => Promise<void>;
/** Lets a stored event be answered. */
let letGo: () => void;
let held: number;
let stored: number;

beforeEach(async () => {
  held = 0;
  stored = 0;
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const account = connectJsonAccount({
    id: 'a',
    maxBodyBytes: 4 * MIB,
    verify: () => ({ ok: true, facts: { topic: '', laneKey: '', dedupeKey: null } }),
  });
  const accounts = { find: async () => account, countEvent: () => undefined, countRejection: () => undefined };
  const handler = createWebhookHandler({
    accounts: accounts as unknown as AccountDirectory,
    // Large bodies are held until the test lets them go; small ones are stored at once.
    inbox: {
      store: async (event: { body: Buffer | null }) => {
        if (event.body === null) {
          held += 1;
          await gate;
        }
        stored += 1;
        return 'stored';
      },
    } as unknown as Inbox,
    files: { storeFile: async () => ({ sha256: '', sizeBytes: 0 }) } as unknown as FileStore,
    metrics: createMetrics(),
    log: pino({ level: 'silent' }),
    now: Date.now,
    bodies: new BodyBudget(2 * MIB, 7 * MIB),
  });
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
  close = async () => {
    letGo();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
});
afterEach(() => close());

function post(bytes: number, chunked = false): Promise<{ status: number; retryAfter: string | undefined }> {
  return new Promise((resolve, reject) => {
    const headers = chunked ? {} : { 'content-length': bytes };
    const request = httpRequest({ port, path: '/webhooks/json/a', method: 'POST', headers }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] });
    });
    request.on('error', reject);
    request.end(Buffer.alloc(bytes));
  });
}

test.each([false, true])(
  'beyond the memory for bodies the platform is asked to come again, small events go on (chunked: %s)',
  async (chunked) => {
    const first = post(4 * MIB, chunked);
    const second = post(3 * MIB, chunked);
    await vi.waitFor(() => expect(held).toBe(2));
    expect(await post(MIB, chunked)).toEqual({ status: 503, retryAfter: '5' });
    expect(await post(1_000, chunked)).toEqual({ status: 200, retryAfter: undefined });
    expect(stored).toBe(1);
    letGo();
    expect([(await first).status, (await second).status]).toEqual([200, 200]);
    expect((await post(4 * MIB, chunked)).status).toBe(200);
    expect((await post(4 * MIB + 1, chunked)).status).toBe(413);
  },
);
