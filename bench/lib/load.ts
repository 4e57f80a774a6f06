import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

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

/**
 * Sends requests evenly over time on one connection, whether or not earlier ones are answered. Resolves when all are.
 *
 * @throws Error when one is refused.
 */
export async function postEvenly(
  port: number,
  perSecond: number,
  seconds: number,
  build: (index: number) => Buffer,
): Promise<void> {
  const requests = Array.from({ length: perSecond * seconds }, (_, index) => build(index));
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const statuses: string[] = [];
  let text = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text += chunk;
    // An answer counts once the next one has begun, or its own head is complete: a status may be cut in two.
    const heads = text.split(/(?=HTTP\/1\.1 )/);
    text = heads.pop() ?? '';
    if (text.includes('\r\n\r\n')) heads.push(text);
    for (const head of heads) if (head.startsWith('HTTP/1.1 ')) statuses.push(head.slice(9, 12));
    if (heads.at(-1) === text) text = '';
  });
  const startedAt = performance.now();
  for (let sent = 0; sent < requests.length; ) {
    const due = ((performance.now() - startedAt) / 1_000) * perSecond;
    for (; sent < due && sent < requests.length; sent++) socket.write(requests[sent] as Buffer);
    await sleep(5);
  }
  while (statuses.length < requests.length) await sleep(5);
  socket.end();
  const refused = statuses.filter((status) => !status.startsWith('2'));
  if (refused.length > 0) throw new Error(`${refused.length} requests were refused, the first with ${refused[0]}`);
}
