import type { IncomingMessage } from 'node:http';

/** Whether the proxy at this address, so many steps away from us, is to be believed; as Express compiles it. */
export type TrustProxy = (address: string, step: number) => boolean;

/** Where a request comes from: the first address, seen from us, that is not a proxy we trust. */
export function findClientAddress(request: IncomingMessage, trust: TrustProxy): string {
  const header = [request.headers['x-forwarded-for'] ?? []].flat().join(',');
  const forwarded = header === '' ? [] : header.split(',').map((one) => one.trim());
  const path = [request.socket.remoteAddress ?? '', ...forwarded.reverse()];
  return path.find((address, step) => step === path.length - 1 || !trust(address, step)) ?? '';
}
