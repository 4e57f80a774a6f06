import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_CHAT_FILE_BYTES } from '@tradewind/shared/chat/wire';
import { AppError } from '@tradewind/shared/protocol/errors';
import { type Request, type Response, Router } from 'express';
import type { ChatFiles } from '../chat/files.ts';
import type { ChatGateway } from '../chat/gateway.ts';
import { readBody } from '../ingest/body.ts';
import { BodyBudget, type BodyLease } from '../ingest/body-budget.ts';
import { CompressedFiles } from './compressed-files.ts';
import { parseFileName, sendStoredFile, toMediaType } from './stored-file.ts';

export interface ChatRoutesDeps {
  /** Where the build of apps/chat-widget puts `widget.js` and `client-*.js`. */
  widgetDir: string;
  filesDir: string;
  files: ChatFiles;
  gateway: Pick<ChatGateway, 'readSettings' | 'assertAllowed'>;
  /** Memory for all files that are being uploaded; tests give less. */
  bodies?: BodyBudget;
}

const ONE_YEAR = 'public, max-age=31536000, immutable';
// Shops' pages name this one for ever: an update has to reach them the same day.
const FIVE_MINUTES = 'public, max-age=300';

/** Everything below `/chat/`: the widget's programs, public settings, and the files of conversations. */
export function createChatRoutes(deps: ChatRoutesDeps): Router {
  const router = Router();
  const bodies = deps.bodies ?? new BodyBudget();
  router.use('/chat', (request, response, next) => {
    response.locals.route = '/chat';
    // Shops' pages load all of it from another origin, without credentials.
    response.set('Cross-Origin-Resource-Policy', 'cross-origin');
    if (request.method === 'OPTIONS') sendPreflight(response);
    else next();
  });
  router.get(['/chat/widget.js', '/chat/:name'], sendProgram(deps.widgetDir));
  router.get('/chat/accounts/:id', async (request, response) => {
    allowOrigin(request, response);
    const settings = await deps.gateway.readSettings(request.params.id, request.headers.origin, request.ip ?? '');
    response.set('Cache-Control', 'no-store').json(settings);
  });
  router.post('/chat/files', async (request, response) => {
    const lease = bodies.open();
    await takeFile(deps, request, response, lease).finally(() => lease.release());
  });
  router.get('/chat/files/:id', async (request, response) => {
    const found = await deps.files.find(request.params.id, String(request.query.key ?? ''));
    await sendStoredFile(response, deps.filesDir, found.sha256, { ...found, inline: true });
  });
  router.use('/chat', () => {
    throw new AppError('not-found', 'There is nothing at this address.');
  });
  return router;
}

/** Which account is meant is not known yet: the request itself is refused where its page may not make it. */
function sendPreflight(response: Response): void {
  response.set({
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Methods': 'GET, POST',
    'Access-Control-Allow-Headers': 'content-type, x-chat-key, x-file-name',
    'Access-Control-Max-Age': '600',
  });
  response.status(204).end();
}

/** Also on refusals: a page that cannot read why it was refused cannot tell its developer. */
function allowOrigin(request: Request, response: Response): void {
  response.vary('Origin');
  if (request.headers.origin !== undefined) response.set('Access-Control-Allow-Origin', request.headers.origin);
}

function sendProgram(folder: string) {
  const compressed = new CompressedFiles(folder);
  return async (request: Request, response: Response, next: (error?: unknown) => void) => {
    const name = request.path.slice('/chat/'.length);
    if (!/^(?:widget\.js|client-[A-Za-z0-9_-]+\.js)$/.test(name)) return next();
    if (!(await isThere(join(folder, 'widget.js')))) {
      throw new AppError('unavailable', 'The chat widget is not built on this server. Build it: npm run build');
    }
    const setHeaders = () =>
      response.set({
        // Modules are fetched with CORS.
        'Access-Control-Allow-Origin': '*',
        'Cache-Control': name === 'widget.js' ? FIVE_MINUTES : ONE_YEAR,
      });
    if (await compressed.send(request, response, name, setHeaders)) return;
    setHeaders();
    response.sendFile(name, { root: folder, cacheControl: false }, (error?: Error & { status?: number }) => {
      if (error && !response.headersSent) response.removeHeader('Cache-Control');
      if (error && !response.headersSent) next(error);
    });
  };
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false; // whatever is wrong with it, it cannot be served
  }
}

async function takeFile(
  { files, gateway }: ChatRoutesDeps,
  request: Request,
  response: Response,
  lease: BodyLease,
): Promise<void> {
  allowOrigin(request, response);
  response.set('Cache-Control', 'no-store');
  const visitor = files.readUploadKey(String(request.headers['x-chat-key'] ?? ''));
  await gateway.assertAllowed(visitor.accountId, request.headers.origin);
  const name = parseFileName(request.headers['x-file-name']);
  // Inflated it would be larger than what limits have counted.
  if (request.headers['content-encoding'] !== undefined) {
    throw new AppError('unsupported-media-type', 'Send the file as it is, without Content-Encoding.');
  }
  files.takeUpload(visitor, request.ip ?? '', Number(request.headers['content-length'] ?? MAX_CHAT_FILE_BYTES));
  const content = await readContent(request, lease);
  response.status(201).json(await files.save(visitor, content, name, toMediaType(request.headers['content-type'])));
}

async function readContent(request: Request, lease: BodyLease): Promise<Buffer> {
  const read = await readBody(request, MAX_CHAT_FILE_BYTES, lease);
  if (read.ok && read.body.length > 0) return read.body;
  const reason = read.ok ? 'empty' : read.reason;
  if (reason === 'too-large') {
    throw new AppError('too-large', `A file may have at most ${MAX_CHAT_FILE_BYTES} bytes.`);
  }
  if (reason === 'busy') {
    throw new AppError('unavailable', 'Too many files are being uploaded at once. Try again in a moment.');
  }
  if (reason === 'aborted') throw new AppError('bad-input', 'The request ended before the file did.');
  throw new AppError('bad-input', 'The file is empty.', {
    errors: [{ path: '', message: 'send the bytes of the file as the body' }],
  });
}
