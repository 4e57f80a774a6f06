import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

/** A platform's API for tests: keeps what it was sent and answers as told. */
export class FakePlatform {
  readonly seen: SeenRequest[] = [];
  #answer: (response: ServerResponse, request: SeenRequest) => void = (response) => response.end();
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (incoming, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
      const request = {
        method: incoming.method ?? '',
        url: incoming.url ?? '',
        headers: incoming.headers,
        body: Buffer.concat(chunks),
      };
      this.seen.push(request);
      this.#answer(response, request);
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  answerWith(answer: (response: ServerResponse, request: SeenRequest) => void): void {
    this.#answer = answer;
  }

  answerJson(status: number, body: unknown, headers: Record<string, string> = {}): void {
    this.answerWith((response) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
