import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import { CompressedFiles } from './compressed-files.ts';
import { CONSOLE_POLICY } from './security-headers.ts';

const NOT_BUILT = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Tradewind</title>
<body><h1>The console is not built</h1>
<p>This server is running, but the pages of the console are missing. Build them and reload: <code>npm run build</code></p></body></html>
`;

/**
 * Serves the built console. Files below `assets/` carry a hash of their content in their name and never change; the page
 * itself is asked for again each time, so that an update reaches every browser.
 *
 * @param folder - where the build puts `index.html` and `assets/`.
 */
export function createConsole(folder: string): Router {
  const router = Router();
  const compressed = new CompressedFiles(folder);
  router.use(async (request, response, next) => {
    const name = request.path.slice(1);
    const isSent =
      isRead(request) && (await compressed.send(request, response, name, () => setFileHeaders(response, name)));
    if (!isSent) next();
  });
  router.use(express.static(folder, { index: false, redirect: false, setHeaders: setFileHeaders }));
  router.use(sendPage(folder));
  return router;
}

function setFileHeaders(response: Pick<Response, 'setHeader'>, path: string): void {
  response.setHeader('Content-Security-Policy', CONSOLE_POLICY);
  const isHashed = /(?:^|[\\/])assets[\\/][^\\/]+$/.test(path);
  response.setHeader('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
}

/** Every address a person may navigate to is the one page; its script reads the address. */
function sendPage(folder: string): RequestHandler {
  return (request, response, next) => {
    if (!isNavigation(request)) return next();
    response.locals.route = '/';
    response.set({ 'Content-Security-Policy': CONSOLE_POLICY, 'Cache-Control': 'no-cache' });
    // By its date a page that was built later, before going back to an earlier version, would pass for this one.
    const options = { root: folder, cacheControl: false, lastModified: false };
    response.sendFile('index.html', options, (error?: Error & { status?: number }) => {
      if (!error || response.headersSent) return;
      if (error.status !== 404) next(error);
      else response.status(503).type('html').send(NOT_BUILT);
    });
  };
}

function isNavigation(request: Request): boolean {
  // The console's own address is a page for everybody; elsewhere, who takes anything (curl, fetch) wants to know of errors.
  if (isRead(request) && request.path === '/') return true;
  // Scripts and images that are missing are missing: a page in their place would be read as one of them.
  return isRead(request) && request.accepts(['json', 'html']) === 'html' && !/\.\w+$/.test(request.path);
}

function isRead(request: Request): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}
