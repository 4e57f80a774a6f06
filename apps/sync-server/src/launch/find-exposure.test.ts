import { expect, test } from 'vitest';
import { findExposure } from './find-exposure.ts';

const LOCAL = { bind: '127.0.0.1', publicUrl: null, trustProxy: false };

test.each([
  ['this machine alone', {}, []],
  ['this machine by IPv6', { bind: '::1' }, []],
  ['behind a proxy with TLS', { publicUrl: 'https://desk.example.com', trustProxy: 'loopback' }, []],
  ['a name of this machine', { publicUrl: 'http://localhost:7373' }, []],
  ['open to the network', { bind: '0.0.0.0' }, [/no TLS/, /begin with http:\/\/0\.0\.0\.0,/]],
  ['open to the network by IPv6', { bind: '::' }, [/no TLS/, /begin with http:\/\/\[::\],/]],
  ['an address without TLS', { bind: '0.0.0.0', publicUrl: 'http://desk.lan' }, [/no TLS/]],
  ['a proxy that is not trusted', { publicUrl: 'https://desk.example.com' }, [/TRADEWIND_TRUST_PROXY is not set/]],
])('%s', (_name, given, expected) => {
  expect(findExposure({ ...LOCAL, ...given })).toEqual(expected.map((sentence) => expect.stringMatching(sentence)));
});
