import type { ServerCheck } from '@tradewind/shared/ipc/bridge';
import { z } from 'zod';
import { parseLink } from './links.ts';

const TIMEOUT_MS = 10_000;
const answerSchema = z.object({ deskName: z.string(), needsSetup: z.boolean() });
/** Names and addresses of one's own machine and network, where http is usual. */
const LOCAL_HOST =
  /^(localhost|[^.]+|.+\.(?:localhost|local|lan|home\.arpa|internal)|127\.[\d.]+|10\.[\d.]+|192\.168\.[\d.]+|172\.(?:1[6-9]|2\d|3[01])\.[\d.]+|169\.254\.[\d.]+)$/;

/**
 * The origins that what a person typed may mean, the likeliest first. A bare name is tried over https; over http too
 * only where it names a machine close by, so that nobody between can talk a public name down.
 */
export function toOrigins(address: string): string[] {
  const link = parseLink(address.trim());
  const text = link?.kind === 'connect' ? link.address : address.trim();
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const candidate = hasScheme ? text : `https://${text}`;
  if (!URL.canParse(candidate) || /\s/.test(text)) return [];
  const url = new URL(candidate);
  // A policy cannot name an IPv6 address (CSP, host-source), so the page could not reach it.
  if (!/^https?:$/.test(url.protocol) || url.hostname.startsWith('[') || url.username !== '') return [];
  if (hasScheme || !LOCAL_HOST.test(url.hostname)) return [url.origin];
  return [url.origin, new URL(`http://${text}`).origin];
}

/** Asks whether a Tradewind server answers at an address. `fetch` is Electron's: it knows the system's proxy and certificates. */
export async function checkServer(address: string, fetch: typeof globalThis.fetch): Promise<ServerCheck> {
  const origins = toOrigins(address);
  let failure: ServerCheck = { kind: 'not-an-address', detail: address.slice(0, 200) };
  for (const origin of origins) {
    const check = await checkOrigin(origin, fetch);
    if (check.kind === 'ok') return check;
    // What answered at all says more than who did not.
    if (failure.kind === 'not-an-address' || failure.kind === 'unreachable') failure = check;
  }
  return failure;
}

async function checkOrigin(origin: string, fetch: typeof globalThis.fetch): Promise<ServerCheck> {
  try {
    const response = await fetch(`${origin}/api/setup`, {
      credentials: 'omit',
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer = answerSchema.safeParse(await response.json().catch(() => null));
    if (!response.ok || !answer.success) return { kind: 'not-tradewind', detail: `${origin}: HTTP ${response.status}` };
    // http often leads on to https: the address it ends at is the one to keep.
    const reached = response.url === '' ? origin : new URL(response.url).origin;
    return { kind: 'ok', origin: reached, name: answer.data.deskName, needsSetup: answer.data.needsSetup };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: /ERR_CERT|CERT_/.test(reason) ? 'certificate' : 'unreachable', detail: `${origin}: ${reason}` };
  }
}
