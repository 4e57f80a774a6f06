import type { IncomingMessage } from 'node:http';
import type { BodyLease } from './body-budget.ts';

export type ReadBodyResult = { ok: true; body: Buffer } | { ok: false; reason: 'too-large' | 'busy' | 'aborted' };

/**
 * Reads a request body of at most `maxBytes`, refusing a declared larger one before the first byte is read. What is
 * refused is left to the HTTP server to discard, so that the client still gets to read its answer.
 *
 * @param lease - the memory it may use, which it never gives back itself; `busy` when others use too much.
 */
export function readBody(request: IncomingMessage, maxBytes: number, lease: BodyLease): Promise<ReadBodyResult> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > maxBytes) return Promise.resolve({ ok: false, reason: 'too-large' });
  if (!lease.fits(declared)) return Promise.resolve({ ok: false, reason: 'busy' });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (result: ReadBodyResult) => {
      request.off('data', handleData).off('end', handleEnd).off('close', handleClose).off('error', handleClose);
      resolve(result);
    };
    const handleData = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes && lease.grow(chunk.length)) chunks.push(chunk);
      else {
        finish({ ok: false, reason: size > maxBytes ? 'too-large' : 'busy' });
        request.resume();
      }
    };
    const handleEnd = () => {
      const [only] = chunks;
      finish({ ok: true, body: chunks.length === 1 && only ? only : Buffer.concat(chunks, size) });
    };
    const handleClose = () => finish({ ok: false, reason: 'aborted' });
    request.on('data', handleData).on('end', handleEnd).on('close', handleClose).on('error', handleClose);
  });
}
