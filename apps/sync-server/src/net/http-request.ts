import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';

export interface HttpRequest {
  url: URL;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  headers?: Readonly<Record<string, string>>;
  body?: Buffer;
  signal: AbortSignal;
  /** Largest answer read, in bytes. */
  maxBytes: number;
  /** Where the name leads; already resolved and checked by `egress.ts`. */
  lookup?: LookupFunction;
}

export interface HttpResponse {
  status: number;
  /** Lower-cased names. */
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
  /** False when the connection ended, or the time was up, within the body: the status still stands. */
  complete: boolean;
}

/** A request without an answer. */
export class HttpRequestError extends Error {
  /** False only when it is certain that the other side has seen nothing of the request (R11). */
  readonly maybeSent: boolean;
  readonly code: string;

  constructor(cause: unknown, maybeSent: boolean) {
    const code = (cause as { code?: unknown }).code;
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'HttpRequestError';
    this.maybeSent = maybeSent;
    this.code = typeof code === 'string' ? code : 'UNKNOWN';
  }
}

/** An answer larger than `maxBytes`. */
export class TooLargeError extends Error {
  constructor(maxBytes: number) {
    super(`the answer is larger than ${maxBytes} bytes`);
    this.name = 'TooLargeError';
  }
}

/**
 * One request over a connection of its own, redirects not followed.
 *
 * Not `fetch`, for two reasons: a pooled connection that the server closes at the same moment looks like a request that
 * may have arrived, and `fetch` does not tell a failure before the first byte from one after it (R11).
 *
 * @throws HttpRequestError when there was no answer; TooLargeError when it was too large.
 */
export function sendHttpRequest(request: HttpRequest): Promise<HttpResponse> {
  const { url, method, signal, maxBytes, lookup } = request;
  const secure = url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new HttpRequestError(signal.reason, false));
      return;
    }
    // Bytes leave only after the connection (for https: its handshake) stands.
    let connected = false;
    const outgoing = (secure ? requestHttps : requestHttp)(url, {
      method,
      agent: false,
      signal,
      headers: {
        ...request.headers,
        ...(request.body ? { 'content-length': String(request.body.length) } : {}),
        connection: 'close',
      },
      ...(lookup ? { lookup } : {}),
    });
    outgoing.on('socket', (socket) => {
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        connected = true;
      });
    });
    outgoing.on('error', (error) => reject(new HttpRequestError(error, connected)));
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      const finish = (complete: boolean) => {
        resolve({
          status: incoming.statusCode ?? 0,
          headers: flattenHeaders(incoming.headers),
          body: Buffer.concat(chunks),
          complete,
        });
      };
      incoming.on('data', (chunk: Buffer) => {
        sizeBytes += chunk.length;
        if (sizeBytes <= maxBytes) chunks.push(chunk);
        else {
          reject(new TooLargeError(maxBytes));
          outgoing.destroy();
        }
      });
      incoming.on('end', () => finish(true));
      incoming.on('error', () => finish(false));
      incoming.on('aborted', () => finish(false));
    });
    outgoing.end(request.body);
  });
}

function flattenHeaders(headers: NodeJS.Dict<string | string[]>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}

/**
 * Reads Retry-After: seconds or an HTTP date.
 *
 * @returns milliseconds to wait from `nowMs`, at most an hour; null when there is no such header.
 */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | null {
  if (value === undefined || value.trim() === '') return null;
  const seconds = /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : (Date.parse(value) - nowMs) / 1000;
  return Number.isNaN(seconds) ? null : Math.min(Math.max(Math.ceil(seconds * 1000), 0), 3_600_000);
}
