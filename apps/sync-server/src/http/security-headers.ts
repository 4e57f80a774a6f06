import type { RequestHandler } from 'express';

/** Answers that are data have nothing to load; the console's page says what it needs instead. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

// Inline style attributes are how virtual lists place their rows; style elements stay forbidden.
export const CONSOLE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "manifest-src 'self'",
  "worker-src 'self'",
].join('; ');

const ONE_YEAR_SECONDS = 31_536_000;

export const setSecurityHeaders: RequestHandler = (request, response, next) => {
  response.set({
    'Content-Security-Policy': DATA_POLICY,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  });
  if (request.secure) response.set('Strict-Transport-Security', `max-age=${ONE_YEAR_SECONDS}`);
  next();
};
