import { randomBytes } from 'node:crypto';

export interface OutgoingPart {
  name: string;
  value: string | Buffer;
  /** Makes the part a file. */
  fileName?: string;
  contentType?: string;
}

/** Encodes `multipart/form-data` (RFC 7578), names and file names as browsers do. */
export function encodeMultipart(parts: readonly OutgoingPart[]): { contentType: string; body: Buffer } {
  const boundary = `----tradewind-${randomBytes(18).toString('hex')}`;
  const chunks: Buffer[] = [];
  for (const { name, value, fileName, contentType } of parts) {
    const file = fileName === undefined ? '' : `; filename="${escapeParameter(fileName)}"`;
    const type = contentType === undefined ? '' : `Content-Type: ${contentType}\r\n`;
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${escapeParameter(name)}"${file}\r\n${type}\r\n`;
    chunks.push(Buffer.from(head), typeof value === 'string' ? Buffer.from(value) : value, Buffer.from('\r\n'));
  }
  chunks.push(Buffer.from(`--${boundary}--\r\n`));
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat(chunks) };
}

function escapeParameter(value: string): string {
  return value.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
}
