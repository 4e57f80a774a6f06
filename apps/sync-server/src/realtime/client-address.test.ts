import type { IncomingMessage } from 'node:http';
import express from 'express';
import { expect, test } from 'vitest';
import { findClientAddress, type TrustProxy } from './client-address.ts';

const trustOf = (setting: unknown) => {
  const app = express();
  app.set('trust proxy', setting);
  return app.get('trust proxy fn') as TrustProxy;
};
const find = (trust: unknown, remoteAddress: string, forwarded?: string) =>
  findClientAddress(
    {
      socket: { remoteAddress },
      headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    } as IncomingMessage,
    trustOf(trust),
  );

test('without a trusted proxy, what a client claims about itself counts for nothing', () => {
  expect(find(false, '203.0.113.9', '198.51.100.1')).toBe('203.0.113.9');
});

test('behind trusted proxies it is the first address that is not one of them', () => {
  expect(find('loopback', '127.0.0.1', '198.51.100.1')).toBe('198.51.100.1');
  expect(find('loopback', '127.0.0.1', '10.6.6.6, 198.51.100.1')).toBe('198.51.100.1');
  expect(find(2, '127.0.0.1', '10.6.6.6, 198.51.100.1, 10.0.0.2')).toBe('198.51.100.1');
  expect(find('loopback', '203.0.113.9', '198.51.100.1')).toBe('203.0.113.9');
  expect(find(true, '127.0.0.1')).toBe('127.0.0.1');
});
