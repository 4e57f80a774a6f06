import { AppError } from '@tradewind/shared/protocol/errors';
import type { Response } from 'express';
import { explainText } from './storable.ts';

const LONGEST_NAME = 255;
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/;
const UNKNOWN_TYPE = 'application/octet-stream';
// Pictures that are nothing but pictures: an SVG is a document with scripts.
const PICTURES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** The name a header gives, percent-encoded, without folders. @throws AppError `bad-input`. */
export function parseFileName(header: string | string[] | undefined): string {
  const given = [header].flat()[0] ?? '';
  const name = decodeName(given).split(/[/\\]/).at(-1)?.trim() ?? '';
  const message =
    name === ''
      ? 'must name the file'
      : name.length > LONGEST_NAME
        ? `must have at most ${LONGEST_NAME} characters`
        : explainText(name);
  if (message)
    throw new AppError('bad-input', 'The file name is not valid.', { errors: [{ path: 'x-file-name', message }] });
  return name;
}

function decodeName(given: string): string {
  try {
    return decodeURIComponent(given);
  } catch {
    return given; // a plain name that holds a percent sign
  }
}

/** The type without parameters; whatever is no media type is sent as plain bytes. */
export function toMediaType(header: string | undefined): string {
  const type = header?.split(';')[0]?.trim().toLowerCase() ?? '';
  return MEDIA_TYPE.test(type) ? type : UNKNOWN_TYPE;
}

/**
 * Files come from strangers: they are downloaded, never shown as a page of ours, and whatever runs in them has no origin.
 *
 * @param file - `inline` lets plain pictures be shown where a page asks for them.
 */
export function sendStoredFile(
  response: Response,
  folder: string,
  sha256: string,
  file: { name: string; contentType: string; inline: boolean },
): Promise<void> {
  response.attachment(file.name.toWellFormed());
  if (file.inline && PICTURES.has(file.contentType)) response.set('Content-Disposition', 'inline');
  // Not `response.set`, which would claim a character set nobody knows.
  response.setHeader('Content-Type', toMediaType(file.contentType));
  response.set({
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Cache-Control': 'private, max-age=86400',
    ETag: `"${sha256}"`,
  });
  return new Promise((resolve, reject) => {
    response.sendFile(sha256, { root: folder, lastModified: false, cacheControl: false }, (error?: Error) => {
      // A reader who goes away in the middle is no fault.
      if (!error || ('code' in error && (error.code === 'ECONNABORTED' || error.code === 'EPIPE'))) return resolve();
      for (const name of ['Content-Disposition', 'Cache-Control', 'ETag'])
        if (!response.headersSent) response.removeHeader(name);
      reject(error);
    });
  });
}
