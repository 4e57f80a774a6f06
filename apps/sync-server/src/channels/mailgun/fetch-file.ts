import { PlatformError, type SendContext } from '../../connector.ts';
import { safeFetch } from '../../net/egress.ts';
import { parseRetryAfter } from '../../net/http-request.ts';
import type { MailgunConfig } from './config.ts';
import { toBasicAuth } from './send.ts';

// A mail of 25 MB holds no larger file.
const MAX_FILE_BYTES = 41_943_040;

/**
 * Fetches a file that Mailgun stored. The address came in a request, so the key goes along only to Mailgun's own hosts
 * and to the configured address.
 *
 * @throws PlatformError when the address is refused or the file cannot be had.
 */
export async function fetchStoredFile(
  address: string,
  { config, signal, strictEgress }: SendContext<MailgunConfig>,
): Promise<{ content: Buffer; contentType: string | null }> {
  const ownOrigin = new URL(config.apiBaseUrl).origin;
  const response = await safeFetch(address, {
    allowedOrigin: ownOrigin,
    strict: strictEgress,
    signal,
    maxBytes: MAX_FILE_BYTES,
    headers: (url) =>
      config.apiKey !== undefined && mayHaveKey(url, ownOrigin) ? { authorization: toBasicAuth(config.apiKey) } : {},
  }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PlatformError(`The stored file cannot be fetched: ${reason}.`, { cause: error });
  });
  if (response.status !== 200 || !response.complete) {
    throw new PlatformError(`The stored file cannot be fetched: Mailgun answered ${response.status}.`, {
      status: response.status,
      retryAfterMs: parseRetryAfter(response.headers['retry-after'], Date.now()),
    });
  }
  return { content: response.body, contentType: response.headers['content-type'] ?? null };
}

export function mayHaveKey(url: URL, ownOrigin: string): boolean {
  if (url.origin === ownOrigin) return true;
  return url.protocol === 'https:' && /(^|\.)mailgun\.net$/.test(url.hostname);
}
