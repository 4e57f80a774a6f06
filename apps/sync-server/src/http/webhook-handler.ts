import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError, ERROR_STATUS, type ErrorKind } from '@tradewind/shared/protocol/errors';
import type { Logger } from 'pino';
import type { AccountDirectory, ConnectedAccount } from '../accounts/account-directory.ts';
import type { HttpReply, RawWebhook, VerifyResult } from '../connector.ts';
import { toStorableText } from '../db/json-text.ts';
import type { FileStore } from '../files/file-store.ts';
import { readBody } from '../ingest/body.ts';
import { BodyBudget, type BodyLease } from '../ingest/body-budget.ts';
import type { AcceptedEvent, Inbox } from '../ingest/inbox.ts';
import { laneOf } from '../ingest/lane.ts';
import type { Metrics } from '../observability/metrics.ts';

export interface WebhookDeps {
  accounts: AccountDirectory;
  inbox: Inbox;
  files: FileStore;
  metrics: Metrics;
  log: Logger;
  now: () => number;
  /** Memory for the bodies of all requests together; tests give less. */
  bodies?: BodyBudget;
}

// Larger bodies lie in files: rows of this size would be copied through every part of the database.
const INLINE_BODY_BYTES = 256 * 1024;
const PATH = /^\/webhooks\/([a-z0-9-]{1,40})\/([A-Za-z0-9_-]{1,64})(?:\/([A-Za-z0-9_/-]{0,100}))?$/;
// Kept for parsing and for people; signatures and credentials have done their work and are not stored.
const DROPPED_HEADERS = new Set([
  'authorization',
  'cookie',
  'proxy-authorization',
  'x-shopify-hmac-sha256',
  'shopify-hmac-sha256',
  'x-tradewind-signature',
]);

/**
 * Answers every request below `/webhooks/`: verify, store the raw event, commit, 2xx (R1, R3). It stands before Express,
 * whose router and middleware cost more than all of this together.
 */
export function createWebhookHandler(deps: WebhookDeps): (request: IncomingMessage, response: ServerResponse) => void {
  const bodies = deps.bodies ?? new BodyBudget();
  return (request, response) => {
    const lease = bodies.open();
    handle(deps, request, lease)
      .catch((error: unknown): HttpReply => {
        deps.log.error(
          { event: 'webhook.unavailable', err: error },
          'a webhook could not be stored; the platform will send it again',
        );
        return toProblem('unavailable', 'The event could not be stored now. Send it again.');
      })
      .then((reply) => {
        lease.release();
        if (response.destroyed) return;
        const retry = reply.status === 503 ? { 'retry-after': '5' } : {};
        response.writeHead(reply.status, {
          'content-type': reply.contentType,
          'content-length': Buffer.byteLength(reply.body),
          ...retry,
        });
        response.end(reply.body);
      });
  };
}

function toProblem(kind: ErrorKind, message: string, status = ERROR_STATUS[kind]): HttpReply {
  const body = JSON.stringify({ ...new AppError(kind, message).toProblem(), status });
  return { status, contentType: 'application/problem+json', body };
}

const OK: HttpReply = { status: 200, contentType: 'text/plain; charset=utf-8', body: 'ok' };

async function handle(deps: WebhookDeps, request: IncomingMessage, lease: BodyLease): Promise<HttpReply> {
  const [path = '', query = ''] = splitUrl(request.url ?? '');
  const match = PATH.exec(path);
  const account = match?.[2] === undefined ? undefined : await deps.accounts.find(match[2]);
  if (!match || !account || account.kind !== match[1]) {
    return toProblem('not-found', 'No connected account has this webhook address.');
  }
  if (request.method !== 'POST' && request.method !== 'GET') {
    return toProblem('method-not-allowed', 'Webhooks are posted.');
  }
  const read = await readBody(request, account.maxBodyBytes, lease);
  if (!read.ok) {
    if (read.reason === 'busy') {
      deps.metrics.eventsPostponed.inc({ kind: account.kind });
      return toProblem('unavailable', 'Too many bodies are being read at once. Send it again.');
    }
    if (read.reason === 'aborted') return toProblem('bad-input', 'The request ended before its body did.');
    deps.accounts.countRejection(account.id, 'body too large', deps.now());
    return toProblem('too-large', `The body is larger than ${account.maxBodyBytes} bytes.`);
  }
  const raw: RawWebhook = {
    method: request.method,
    pathSuffix: (match[3] ?? '').replace(/\/+$/, ''),
    query,
    headers: toHeaders(request),
    body: read.body,
  };
  const receivedAt = deps.now();
  const verified = await verify(deps, account, raw, receivedAt);
  if (!verified.ok) return reject(deps, account, verified.status, verified.reason);
  if (verified.reply) return verified.reply;
  const outcome = await deps.inbox.store(await toEvent(deps, account, raw, verified.facts, receivedAt));
  if (outcome === 'replayed')
    return reject(deps, account, ERROR_STATUS.replayed, 'token used before with other content');
  deps.metrics.eventsIngested.inc({ kind: account.kind });
  deps.accounts.countEvent(account.id, receivedAt);
  return account.acceptedReply ?? OK;
}

/** Connectors promise not to throw on hostile input; if one does, the request is refused, not the process. */
async function verify(
  deps: WebhookDeps,
  account: ConnectedAccount,
  raw: RawWebhook,
  nowMs: number,
): Promise<VerifyResult> {
  try {
    return await account.verify(raw, nowMs);
  } catch (error) {
    deps.log.error(
      { event: 'webhook.verify-failed', accountId: account.id, err: error },
      'a request could not be verified',
    );
    return { ok: false, status: 400, reason: 'request could not be read' };
  }
}

async function reject(
  deps: WebhookDeps,
  account: ConnectedAccount,
  status: number,
  reason: string,
): Promise<HttpReply> {
  deps.accounts.countRejection(account.id, reason, deps.now());
  deps.metrics.eventsRejected.inc({ kind: account.kind });
  // The reason is for the admin; a forger learns only that it did not work (R3).
  const unreadable: Partial<Record<number, ErrorKind>> = {
    400: 'bad-input',
    413: 'too-large',
    415: 'unsupported-media-type',
  };
  const kind = unreadable[status] ?? 'bad-signature';
  const sentence = kind === 'bad-signature' ? 'The request was not accepted.' : 'The request could not be read.';
  return toProblem(kind, sentence, status as (typeof ERROR_STATUS)[ErrorKind]);
}

async function toEvent(
  deps: WebhookDeps,
  account: ConnectedAccount,
  raw: RawWebhook,
  facts: Extract<VerifyResult, { ok: true }>['facts'],
  receivedAt: number,
): Promise<AcceptedEvent> {
  const inline = raw.body.length <= INLINE_BODY_BYTES;
  return {
    accountId: account.id,
    topic: toStorableText(facts.topic),
    dedupeKey: facts.dedupeKey === null ? null : toStorableText(facts.dedupeKey),
    lane: laneOf(facts.laneKey),
    pathSuffix: raw.pathSuffix,
    headers: toKeptHeaders(raw.headers),
    body: inline ? raw.body : null,
    bodySha256: inline ? null : (await deps.files.storeFile(raw.body)).sha256,
    receivedAt,
    oneTimeToken: facts.oneTimeToken
      ? { ...facts.oneTimeToken, token: toStorableText(facts.oneTimeToken.token) }
      : null,
  };
}

function toKeptHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && !DROPPED_HEADERS.has(name)) kept[name] = value;
  }
  return kept;
}

function splitUrl(url: string): [string, string] {
  const at = url.indexOf('?');
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
}

function toHeaders(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  // This runs for every webhook: no arrays of entries on the way.
  for (const name in request.headers) {
    const value = request.headers[name];
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}
