import { randomBytes } from 'node:crypto';
import { encodeMultipart, encodeUrlencoded, type FormPart } from '@tradewind/fault-lab/http/encode-form';
import { signMailgun } from '@tradewind/fault-lab/mailgun/sign';
import { mailgunConfigSchema } from '../src/channels/mailgun/config.ts';
import type { RawWebhook } from '../src/connector.ts';

/** The worked example of platforms/mailgun.md. */
export const EXAMPLE = {
  key: 'mg-signing-key-EXAMPLE-0001',
  timestamp: '1767225600',
  token: '9f2c4b7d1e8a3065c2d9f47ab18e6035dd21c0be47f9a3e652',
  signature: '488353310e83d1a974b549af7aa23be888115a3de44bff7f66f78446911b8198',
};
export const NOW_MS = 1_767_225_605_000;

export const config = mailgunConfigSchema.parse({
  signingKey: EXAMPLE.key,
  apiKey: 'key-0001',
  domain: 'mail.shop.example',
  fromAddress: 'Shop <support@mail.shop.example>',
});

export type Fields = Record<string, string | Buffer>;

export function toParts(fields: Fields): FormPart[] {
  return Object.entries(fields).map(([name, value]) => ({ name, value }));
}

/** A fresh signature of the example account. */
export function sign(timestamp = EXAMPLE.timestamp, token = EXAMPLE.token): Record<string, string> {
  return { ...signMailgun(EXAMPLE.key, timestamp, token) };
}

export function toRequest(encoded: { contentType: string; body: Buffer }, pathSuffix = ''): RawWebhook {
  return {
    method: 'POST',
    pathSuffix,
    query: '',
    headers: { 'content-type': encoded.contentType },
    body: encoded.body,
  };
}

/** An urlencoded form, signed unless it brings its own signature fields. */
export function formRequest(fields: Fields, signature: Fields = sign(), pathSuffix = ''): RawWebhook {
  return toRequest(encodeUrlencoded(toParts({ ...fields, ...signature })), pathSuffix);
}

/** A multipart form with a boundary of its own each time. */
export function multipartRequest(parts: readonly FormPart[], signature: Fields = sign()): RawWebhook {
  return toRequest(encodeMultipart([...parts, ...toParts(signature)], `b${randomBytes(8).toString('hex')}`));
}

export function jsonRequest(body: unknown): RawWebhook {
  return toRequest({ contentType: 'application/json', body: Buffer.from(JSON.stringify(body)) });
}

export function eventRequest(data: unknown, signature: unknown = sign()): RawWebhook {
  return jsonRequest({ signature, 'event-data': data });
}
