/** One part of a form; with `fileName` it is a file. Bytes are sent as they are, whatever their encoding. */
export interface FormPart {
  name: string;
  value: string | Buffer;
  fileName?: string;
  contentType?: string;
}

export interface EncodedForm {
  contentType: string;
  body: Buffer;
}

function toBytes(value: string | Buffer): Buffer {
  return typeof value === 'string' ? Buffer.from(value) : value;
}

function percentEncode(value: string | Buffer): string {
  let text = '';
  for (const byte of toBytes(value)) {
    const isUnreserved =
      (byte >= 48 && byte <= 57) ||
      (byte >= 65 && byte <= 90) ||
      (byte >= 97 && byte <= 122) ||
      byte === 45 ||
      byte === 46 ||
      byte === 95;
    if (isUnreserved) text += String.fromCharCode(byte);
    else if (byte === 32) text += '+';
    else text += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}

export function encodeUrlencoded(parts: readonly FormPart[]): EncodedForm {
  const body = parts.map((part) => `${percentEncode(part.name)}=${percentEncode(part.value)}`).join('&');
  return { contentType: 'application/x-www-form-urlencoded', body: Buffer.from(body, 'latin1') };
}

// What browsers do with the three characters that would break out of a quoted parameter (HTML standard, multipart form data).
function escapeParameter(value: string): string {
  return value.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
}

export function encodeMultipart(parts: readonly FormPart[], boundary: string): EncodedForm {
  const chunks: Buffer[] = [];
  for (const part of parts) {
    const fileName = part.fileName === undefined ? '' : `; filename="${escapeParameter(part.fileName)}"`;
    const type = part.contentType === undefined ? '' : `Content-Type: ${part.contentType}\r\n`;
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${escapeParameter(part.name)}"${fileName}\r\n${type}\r\n`;
    chunks.push(Buffer.from(head), toBytes(part.value), Buffer.from('\r\n'));
  }
  chunks.push(Buffer.from(`--${boundary}--\r\n`));
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat(chunks) };
}
