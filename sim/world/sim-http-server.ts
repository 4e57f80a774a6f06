import { EventEmitter } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { SimProcess } from './sim-process.ts';
import type { SimSocketServer } from './sim-socket-server.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface HttpCall {
  method: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer | null;
}

export interface HttpAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

/** In place of Node's HTTP server: real requests and responses, without a connection below them. */
export class SimHttpServer extends EventEmitter {
  readonly owner: SimProcess;
  readonly #handler: Handler;
  requestTimeout = 0;
  sockets: SimSocketServer | null = null;
  listening = false;

  constructor(owner: SimProcess, handler: Handler) {
    super();
    this.owner = owner;
    this.#handler = handler;
  }

  listen(_port: number, _host: string, listening: () => void): this {
    this.listening = true;
    listening();
    return this;
  }

  address(): { address: string; family: string; port: number } {
    return { address: '127.0.0.1', family: 'IPv4', port: 80 };
  }

  close(closed?: () => void): this {
    this.listening = false;
    closed?.();
    return this;
  }

  closeAllConnections(): void {
    this.listening = false;
  }

  closeIdleConnections(): void {
    this.listening = false;
  }

  /** Resolves with the answer; never, when the process dies first. */
  handle({ method, path, headers, body }: HttpCall): Promise<HttpAnswer> {
    return this.owner.run(
      () =>
        new Promise((resolve) => {
          const socket = new SilentSocket() as unknown as Socket;
          const request = new IncomingMessage(socket);
          Object.assign(request, { method, url: path, httpVersion: '1.1', httpVersionMajor: 1, httpVersionMinor: 1 });
          request.headers = { host: 'desk.example', ...headers };
          if (body) request.headers['content-length'] = String(body.length);
          const response = new ServerResponse(request);
          response.assignSocket(socket);
          collect(response, (collected) => {
            const answer = { status: response.statusCode, headers: toText(response.getHeaders()), body: collected };
            resolve(answer);
          });
          this.#handler(request, response);
          if (body) request.push(body);
          request.complete = true;
          request.push(null);
        }),
    );
  }
}

/** Swallows what is written: the answer is taken where it is given. */
class SilentSocket extends Duplex {
  readonly remoteAddress = '203.0.113.7';
  readonly encrypted = false;

  override _read(): void {
    this.push(null);
  }

  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done();
  }

  setTimeout(): this {
    return this;
  }
}

function collect(response: ServerResponse, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  const keep = (chunk: unknown) => {
    if (typeof chunk === 'string') chunks.push(Buffer.from(chunk));
    else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  const write = response.write.bind(response) as (...args: unknown[]) => boolean;
  const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse;
  response.write = ((...args: unknown[]) => {
    keep(args[0]);
    return write(...args);
  }) as typeof response.write;
  response.end = ((...args: unknown[]) => {
    keep(args[0]);
    const ended = end(...args);
    done(Buffer.concat(chunks));
    return ended;
  }) as typeof response.end;
}

function toText(headers: NodeJS.Dict<unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
