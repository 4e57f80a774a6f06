import { DESKTOP_ORIGIN } from '@tradewind/shared/ipc/origin';
import type { RequestHandler } from 'express';

const ALLOWED_HEADERS = [
  'authorization',
  'content-type',
  'range',
  'x-file-name',
  'x-tradewind-agent',
  'x-tradewind-csrf',
  'x-tradewind-protocol',
].join(', ');
/** As long as Chromium keeps an answer to a preflight (2 h). */
const PREFLIGHT_SECONDS = 7_200;

/**
 * Lets the console in the desktop app read the API's answers. It is the one foreign origin that may, and it sends a
 * bearer token: no credentials are allowed, so a browser's cookie never counts here.
 */
export const allowDesktop: RequestHandler = (request, response, next) => {
  if (!request.path.startsWith('/api/')) return next();
  response.vary('Origin');
  if (request.headers.origin !== DESKTOP_ORIGIN) return next();
  response.set({
    'Access-Control-Allow-Origin': DESKTOP_ORIGIN,
    'Access-Control-Expose-Headers': 'content-disposition, retry-after',
  });
  const isPreflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
  if (!isPreflight) return next();
  response.set({
    'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
    'Access-Control-Allow-Headers': ALLOWED_HEADERS,
    'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
  });
  response.status(204).end();
};
