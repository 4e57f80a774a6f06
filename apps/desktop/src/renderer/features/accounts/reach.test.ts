import { expect, test } from 'vitest';
import { findReach } from './reach.ts';

test.each([
  ['http://127.0.0.1:4600/webhooks/mailgun/a', 'local'],
  ['http://localhost:4600/', 'local'],
  ['http://[::1]:4600/', 'local'],
  ['http://192.168.1.20/', 'private'],
  ['https://10.0.0.4/', 'private'],
  ['http://172.20.3.4/', 'private'],
  ['http://172.32.3.4/', 'plain'],
  ['http://[fd00::1]/', 'private'],
  ['https://desk.local/', 'private'],
  ['http://desk/', 'private'],
  ['http://desk.example.com/', 'plain'],
  ['https://desk.example.com/webhooks/shopify/a', 'public'],
])('%s is reached as %s', (address, reach) => expect(findReach(address)).toBe(reach));
