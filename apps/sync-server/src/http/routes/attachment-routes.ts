import { createUuidV7 } from '@tradewind/shared/ids';
import { AppError } from '@tradewind/shared/protocol/errors';
import { attachmentSchema } from '@tradewind/shared/schemas/message';
import { scopesOf } from '../../auth/scopes.ts';
import type { Db } from '../../db/database.ts';
import { findAttachment, saveUpload } from '../../db/queries/attachments.ts';
import type { FileStore } from '../../files/file-store.ts';
import { idParams } from '../fields.ts';
import { defineRoute, type Route } from '../route.ts';
import { parseFileName, sendStoredFile, toMediaType } from '../stored-file.ts';

export interface AttachmentRouteDeps {
  db: Db;
  files: FileStore;
  now: () => number;
}

const MAX_UPLOAD_BYTES = 25 * 1024 * 1024;

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
        await saveUpload(db, { ...stored, id, name, contentType, uploadedBy: session.agent.id, at });
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
        await sendStoredFile(response, files.folder, found.sha256, { ...found, inline: false });
      },
    }),
  ];
}
