import { connect, type Socket } from 'node:net';

export interface LoadResult {
  answered: number;
  /** Answers that were not 2xx. */
  refused: number;
  seconds: number;
}

/**
 * Sends prepared HTTP/1.1 requests over keep-alive connections, each connection one at a time, until the time is over.
 * Written on bare sockets so that the generator takes as little of the two cores as possible from what is measured.
 *
 * @param next - the next request's bytes, each used once; null ends the load early.
 */
export async function runLoad(
  port: number,
  options: { connections: number; seconds: number },
  next: () => Buffer | null,
): Promise<LoadResult> {
  const result: LoadResult = { answered: 0, refused: 0, seconds: 0 };
  const startedAt = performance.now();
  const endsAt = startedAt + options.seconds * 1000;
  await Promise.all(Array.from({ length: options.connections }, () => drive(port, endsAt, next, result)));
  result.seconds = (performance.now() - startedAt) / 1000;
  return result;
}

function drive(port: number, endsAt: number, next: () => Buffer | null, result: LoadResult): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let received = '';
    const send = () => {
      const request = performance.now() < endsAt ? next() : null;
      if (request) socket.write(request);
      else {
        socket.end();
        resolve();
      }
    };
    socket.setEncoding('latin1');
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('data', (chunk: string) => {
      received += chunk;
      const headEnd = received.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const length = /content-length: (\d+)/i.exec(received)?.[1];
      if (received.length < headEnd + 4 + Number(length ?? 0)) return;
      result.answered += 1;
      if (received.charCodeAt(9) !== 50) result.refused += 1; // "HTTP/1.1 2xx": the tenth character is "2"
      received = '';
      send();
    });
  });
}
