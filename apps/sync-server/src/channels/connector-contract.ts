import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type ChannelConnector,
  type InboundEvent,
  type OutboundMessage,
  ParseError,
  type RawWebhook,
  type StoreConnector,
} from '../connector.ts';

/** Requests of one platform, made by its connector's test. */
export interface InboundFixture<TConfig> {
  connector: ChannelConnector<TConfig> | StoreConnector<TConfig>;
  config: TConfig;
  /** The same account before its secret was entered. */
  configWithoutSecret: TConfig;
  /** When the requests below are fresh. */
  nowMs: number;
  genuine: RawWebhook;
  /** The platform's second delivery of `genuine`. */
  again: RawWebhook;
  wrongSignature: RawWebhook;
  withoutSignature: RawWebhook;
  /** One byte of what the signature covers is another one. */
  changedByte: RawWebhook;
  /** Several events in one request; null where the platform sends one at a time. */
  batch: { request: RawWebhook; events: number } | null;
  /** News about a message or order of ours that comes late. */
  lateEcho: { request: RawWebhook; type: InboundEvent['type']; externalId: string };
  unknownType: RawWebhook;
}

/** What every connector promises about requests it receives (platforms/README.md, Rules that hold for every connector). */
export function describeInbound<TConfig>(fixture: InboundFixture<TConfig>): void {
  const { connector, config, nowMs } = fixture;
  const verify = async (request: RawWebhook, as = config) => connector.verify(request, as, nowMs);
  const accept = async (request: RawWebhook) => {
    const verdict = await verify(request);
    if (!verdict.ok) throw new Error(`refused: ${verdict.reason}`);
    return verdict.facts;
  };

  describe(`${connector.kind}: receiving`, () => {
    test('[R3] a good signature is accepted', async () => {
      expect(await verify(fixture.genuine)).toMatchObject({ ok: true });
    });

    test.each([
      ['a wrong signature', fixture.wrongSignature],
      ['no signature', fixture.withoutSignature],
      ['a changed byte', fixture.changedByte],
    ])('[R3] %s is refused', async (_what, request) => {
      const verdict = await verify(request);
      expect(verdict).toMatchObject({
        ok: false,
        status: expect.toSatisfy((status) => [401, 403, 406].includes(status)),
      });
    });

    test('[R3] without a secret everything is refused', async () => {
      expect(await verify(fixture.genuine, fixture.configWithoutSecret)).toMatchObject({ ok: false });
    });

    test('[R2] a second delivery is known by its key or its token and content', async () => {
      const [first, second] = [await accept(fixture.genuine), await accept(fixture.again)];
      expect(second).toEqual(first);
      expect(first.dedupeKey ?? first.oneTimeToken).toBeTruthy();
    });

    test('every event of a batch is read', async () => {
      if (!fixture.batch) return expect(await connector.parse(fixture.genuine, config, nowMs)).toHaveLength(1);
      expect(await connector.parse(fixture.batch.request, config, nowMs)).toHaveLength(fixture.batch.events);
    });

    test('a late echo names what it is about', async () => {
      const { request, type, externalId } = fixture.lateEcho;
      const [event] = await connector.parse(request, config, nowMs);
      expect(event?.type).toBe(type);
      expect(JSON.stringify(event)).toContain(JSON.stringify(externalId));
    });

    test('an unknown kind of event is accepted and ignored', async () => {
      await accept(fixture.unknownType);
      expect(await connector.parse(fixture.unknownType, config, nowMs)).toMatchObject([{ type: 'ignored' }]);
    });

    test('[R4] a body cut off anywhere is refused or unreadable, and never breaks anything', async () => {
      const { body } = fixture.genuine;
      for (let length = 0; length < body.length; length += 7) {
        const cut = { ...fixture.genuine, body: body.subarray(0, length) };
        const verdict = await verify(cut);
        if (!verdict.ok) expect(verdict.status).toSatisfy((status) => status >= 400 && status < 500);
        await Promise.resolve()
          .then(() => connector.parse(cut, config, nowMs))
          .catch((error: unknown) => expect(error).toBeInstanceOf(ParseError));
      }
    });
  });
}

/** A platform's API that answers as told. */
export interface PlatformDouble {
  readonly seen: readonly unknown[];
  /** @returns its address. */
  start(): Promise<string>;
  stop(): Promise<void>;
  answerJson(status: number, body: unknown, headers?: Record<string, string>): void;
  answerWith(answer: (response: ServerResponse) => void): void;
}

/** What a connector needs to try its sending against a platform of ours. */
export interface SendFixture<TConfig> {
  createPlatform: () => PlatformDouble;
  connector: ChannelConnector<TConfig>;
  configFor: (apiBaseUrl: string) => TConfig;
  message: OutboundMessage;
  /** The platform's answer that it has taken the message. */
  accepted: unknown;
}

/** What every connector promises about sending (R11). */
export function describeSending<TConfig>(fixture: SendFixture<TConfig>): void {
  const { connector, configFor, message, accepted, createPlatform } = fixture;
  describe(`${connector.kind}: sending`, () => {
    const platform = createPlatform();
    let apiBaseUrl = '';
    beforeAll(async () => {
      apiBaseUrl = await platform.start();
    });
    afterAll(() => platform.stop());
    const send = (timeoutMs = 5_000, strictEgress = false) =>
      connector.send(message, { config: configFor(apiBaseUrl), signal: AbortSignal.timeout(timeoutMs), strictEgress });

    test('an accepted message is sent, under an id', async () => {
      platform.answerJson(200, accepted);
      expect(await send()).toEqual({ status: 'sent', externalId: expect.stringMatching(/./) });
    });

    test('a rate limit is a failure to repeat after the time the platform asks for', async () => {
      platform.answerJson(429, { message: 'slow down' }, { 'retry-after': '7' });
      expect(await send()).toMatchObject({ status: 'failed', retryable: true, retryAfterMs: 7_000 });
    });

    test('[R11] a timeout after the platform accepted is unknown', async () => {
      platform.answerWith(() => undefined);
      expect(await send(150)).toMatchObject({ status: 'unknown' });
    });

    test('[R11] a connection that breaks after the request is unknown', async () => {
      platform.answerWith((response) => response.socket?.resetAndDestroy());
      expect(await send()).toMatchObject({ status: 'unknown' });
    });

    test('[R11] a platform that cannot be reached has seen nothing: to be repeated', async () => {
      const closed = createPlatform();
      const address = await closed.start();
      await closed.stop();
      const signal = AbortSignal.timeout(5_000);
      const result = await connector.send(message, { config: configFor(address), signal, strictEgress: false });
      expect(result).toMatchObject({ status: 'failed', retryable: true });
    });

    test('strict egress refuses a private address before anything leaves', async () => {
      const before = platform.seen.length;
      expect(await send(5_000, true)).toMatchObject({ status: 'failed', retryable: false });
      expect(platform.seen).toHaveLength(before);
    });
  });
}
