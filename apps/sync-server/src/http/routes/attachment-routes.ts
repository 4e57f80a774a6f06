import { createUuidV7 } from '@tradewind/shared/ids';
import { AppError } from '@tradewind/shared/protocol/errors';
import { attachmentSchema } from '@tradewind/shared/schemas/message';
import type { Response } from 'express';
import { scopesOf } from '../../auth/scopes.ts';
import type { Db } from '../../db/database.ts';
import { findAttachment, saveUpload } from '../../db/queries/attachments.ts';
import type { FileStore } from '../../files/file-store.ts';
import { idParams } from '../fields.ts';
import { defineRoute, type Route } from '../route.ts';
import { explainText } from '../storable.ts';

export interface AttachmentRouteDeps {
  db: Db;
  files: FileStore;
  now: () => number;
}

const MAX_UPLOAD_BYTES = 25 * 1024 * 1024;
const LONGEST_NAME = 255;
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/;
const UNKNOWN_TYPE = 'application/octet-stream';

export function createAttachmentRoutes({ db, files, now }: AttachmentRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/api/attachments',
      summary: 'Upload a file as the raw body; its name, percent-encoded, in the header X-File-Name',
      access: 'agent',
      rawBodyBytes: MAX_UPLOAD_BYTES,
      status: 201,
      response: attachmentSchema,
      handle: async ({ body, session, request }) => {
        const content: unknown = body;
        if (!Buffer.isBuffer(content) || content.length === 0) {
          throw new AppError('bad-input', 'The file is empty.', {
            errors: [{ path: '', message: 'send the bytes of the file as the body' }],
          });
        }
        const name = parseFileName(request.headers['x-file-name']);
        const contentType = toMediaType(request.headers['content-type']);
        const stored = await files.storeFile(content);
        const at = now();
        const id = createUuidV7(at);
        await saveUpload(db, { ...stored, id, name, contentType, agentId: session.agent.id, at });
        return { id, name, contentType, ...stored };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/attachments/{id}',
      summary: 'The bytes of an attachment, whole or a range',
      access: 'agent',
      params: idParams,
      status: 200,
      handle: async ({ params, session: { agent }, response }) => {
        const found = await findAttachment(db, scopesOf(agent), agent.id, params.id);
        if (!found) throw new AppError('not-found', 'There is no such attachment.');
        if (found.sha256 === null || (await files.findSize(found.sha256)) === null) {
          throw new AppError('not-found', 'This file has not been fetched from the platform.');
        }
        await sendStoredFile(response, files.folder, found.sha256, found);
      },
    }),
  ];
}

function parseFileName(header: string | string[] | undefined): string {
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
function toMediaType(header: string | undefined): string {
  const type = header?.split(';')[0]?.trim().toLowerCase() ?? '';
  return MEDIA_TYPE.test(type) ? type : UNKNOWN_TYPE;
}

/**
 * Files come from strangers: they are downloaded, never shown as a page of ours, and whatever runs in them has no origin.
 */
function sendStoredFile(
  response: Response,
  folder: string,
  sha256: string,
  file: { name: string; contentType: string },
): Promise<void> {
  response.attachment(file.name.toWellFormed());
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
