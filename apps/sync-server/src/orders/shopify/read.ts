import { type IncomingOrder, PlatformError, type SendContext } from '../../connector.ts';
import { safeFetch } from '../../net/egress.ts';
import { parseRetryAfter } from '../../net/http-request.ts';
import type { ShopifyConfig } from './config.ts';
import { parseOrderAnswer } from './parse.ts';

const MAX_ORDER_BYTES = 5_242_880;

/**
 * Reads one order from the shop, for a refund or fulfilment that came before it.
 *
 * @returns null when the shop has no such order.
 * @throws PlatformError when the shop cannot be asked or says no, ParseError when its order cannot be read.
 */
export async function readOrder(
  externalId: string,
  { config, signal, strictEgress }: SendContext<ShopifyConfig>,
): Promise<IncomingOrder | null> {
  const { accessToken, apiBaseUrl, apiVersion } = config;
  if (accessToken === undefined) throw new PlatformError('The store has no access token, so orders cannot be read.');
  const origin = new URL(apiBaseUrl).origin;
  const response = await safeFetch(
    `${apiBaseUrl}/admin/api/${apiVersion}/orders/${encodeURIComponent(externalId)}.json`,
    {
      allowedOrigin: origin,
      strict: strictEgress,
      signal,
      maxBytes: MAX_ORDER_BYTES,
      // A redirect must not carry the token to another host.
      headers: (url) =>
        url.origin === origin ? { 'x-shopify-access-token': accessToken, accept: 'application/json' } : {},
    },
  ).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PlatformError(`The shop cannot be asked: ${reason}.`, { cause: error });
  });
  if (response.status === 404) return null;
  if (response.status !== 200 || !response.complete) {
    throw new PlatformError(`The shop answered ${response.status}.`, {
      status: response.status,
      retryAfterMs: parseRetryAfter(response.headers['retry-after'], Date.now()),
    });
  }
  return parseOrderAnswer(response.body);
}
