import { createRandom, pick } from '@tradewind/shared/testing/random';
import { expect, test } from 'vitest';
import {
  config,
  eventRequest,
  formRequest,
  multipartRequest,
  NOW_MS,
  sign,
  toParts,
} from '../../../test/mailgun-webhooks.ts';
import { ParseError, type RawWebhook } from '../../connector.ts';
import failedEvent from './fixtures/failed-event.json' with { type: 'json' };
import inbound from './fixtures/inbound.json' with { type: 'json' };
import { mailgunConnector } from './index.ts';

const MIME =
  'From: a@x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhi\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--';
const file = {
  name: 'attachment-1',
  value: Buffer.from([0, 255, 13, 10]),
  fileName: 'a.png',
  contentType: 'image/png',
};
const seeds: RawWebhook[] = [
  formRequest(inbound.fields),
  formRequest({ from: 'a@x.example', 'body-mime': MIME }, sign(), 'mime'),
  multipartRequest([...toParts(inbound.fields), file]),
  eventRequest(failedEvent['event-data']),
];

/** Cuts, repeats, overwrites or inserts a few bytes. */
function mutate(body: Buffer, random: () => number): Buffer {
  const at = () => Math.floor(random() * (body.length + 1));
  const [start, end] = [at(), at()].sort((a, b) => a - b) as [number, number];
  const noise = Buffer.from(
    pick(random, ['\0', '%', '%zz', '"', '\\', '\r\n', '--', '<', '{', '😟', '\xff', '=?gbk?B?/w==?=', ',:;"(']),
  );
  return pick(random, [
    () => body.subarray(0, start),
    () => Buffer.concat([body.subarray(0, start), body.subarray(end)]),
    () => Buffer.concat([body.subarray(0, end), body.subarray(start)]),
    () => Buffer.concat([body.subarray(0, start), noise, body.subarray(start)]),
    () => Buffer.concat([body.subarray(0, start), noise, body.subarray(start + noise.length)]),
  ])();
}

test('[R4] 3,000 damaged requests: verify never throws, parse throws nothing but ParseError', async () => {
  const random = createRandom(20_260_101);
  for (let round = 0; round < 3_000; round++) {
    const seed = pick(random, seeds);
    let body = seed.body;
    for (let change = 0; change <= random() * 3; change++) body = mutate(body, random);
    const request = { ...seed, body };
    const verdict = await mailgunConnector.verify(request, config, NOW_MS);
    if (!verdict.ok) expect(verdict.status).toSatisfy((status) => status >= 400 && status < 500);
    try {
      const events = await mailgunConnector.parse(request, config, NOW_MS);
      expect(JSON.stringify(events)).not.toContain('\\u0000');
    } catch (error) {
      if (!(error instanceof ParseError)) throw new Error(`round ${round}`, { cause: error });
    }
  }
});

test('mail made to be slow is read in a moment', async () => {
  const large = {
    from: `${'"'.repeat(50_000)} <li@example.com>`,
    'body-html': `${'<div>'.repeat(100_000)}x${'</span>'.repeat(100_000)}`,
    'message-headers': JSON.stringify([
      ['References', '<a@b> '.repeat(50_000)],
      ['To', 'a,'.repeat(50_000)],
    ]),
    'content-id-map': '\\"'.repeat(100_000),
    subject: `${' '.repeat(500_000)}x`,
  };
  const startedAt = performance.now();
  const { 'body-plain': _plain, ...rest } = inbound.fields;
  const events = await mailgunConnector.parse(formRequest({ ...rest, ...large }), config, NOW_MS);
  expect(events).toMatchObject([{ type: 'message', text: 'x', references: ['<a@b>'] }]);
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});
