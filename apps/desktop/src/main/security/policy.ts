import { toSocketOrigin } from './server-origin.ts';

/**
 * The Content-Security-Policy of the console's page. Nothing inline, nothing from elsewhere; the page may speak to the
 * chosen server and to nobody else.
 *
 * @param server - its origin; null before one is chosen.
 */
export function buildPolicy(server: string | null): string {
  const reachable = server === null ? '' : ` ${server} ${toSocketOrigin(server)}`;
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${reachable}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
