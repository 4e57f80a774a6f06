/**
 * Whether a platform on the internet can reach an address: `local` is this machine, `private` a network of one's own,
 * `plain` an address without encryption, which most platforms refuse.
 */
export type Reach = 'public' | 'plain' | 'private' | 'local';

const PRIVATE = [
  /^10\./,
  /^192\.168\./,
  /^172\.(1[6-9]|2\d|3[01])\./,
  /^169\.254\./,
  /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./,
];

export function findReach(address: string): Reach {
  const url = URL.parse(address);
  if (!url) return 'public';
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || host.endsWith('.localhost') || /^127\./.test(host) || host === '::1') return 'local';
  if (PRIVATE.some((pattern) => pattern.test(host)) || /^(f[cd]|fe80:)/.test(host)) return 'private';
  if (/\.(local|lan|internal|home\.arpa)$/.test(host) || !/[.:]/.test(host)) return 'private';
  return url.protocol === 'https:' ? 'public' : 'plain';
}
