import type { IncomingMessage } from 'node:http';

/**
 * Reads a request's bytes. What goes beyond the limit is drained and dropped, so that the client gets to read the 413.
 *
 * @returns null when the body is larger than `limitBytes`.
 */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes <= limitBytes) chunks.push(chunk);
  }
  return sizeBytes > limitBytes ? null : Buffer.concat(chunks, sizeBytes);
}
