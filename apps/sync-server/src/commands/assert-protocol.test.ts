import { AppError } from '@tradewind/shared/protocol/errors';
import { PROTOCOL_VERSION } from '@tradewind/shared/protocol/version';
import { expect, test } from 'vitest';
import { assertProtocol } from './assert-protocol.ts';

test.each([undefined, 1, '1', PROTOCOL_VERSION, String(PROTOCOL_VERSION)])('version %j is understood', (version) => {
  expect(() => assertProtocol(version)).not.toThrow();
});

test.each([PROTOCOL_VERSION + 1, String(PROTOCOL_VERSION + 1), 0, -1, '1.5', 'next', '', '2, 2', null])(
  'version %j is not: the batch stays with the console',
  (version) => {
    expect(() => assertProtocol(version)).toThrow(AppError);
  },
);
