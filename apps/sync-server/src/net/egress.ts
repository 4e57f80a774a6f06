import { lookup as resolveHost } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { HttpRequestError, type HttpResponse, sendHttpRequest } from './http-request.ts';
import { isPrivateAddress } from './private-address.ts';

/** An address that must not be called (api.md, Outgoing addresses). */
export class EgressRefusedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'EgressRefusedError';
  }
}

export interface EgressOptions {
  /** Origin that an admin configured; it may be private. */
  allowedOrigin: string | null;
  /** TRADEWIND_STRICT_EGRESS: private addresses are refused whoever configured them. */
  strict: boolean;
  signal: AbortSignal;
  maxBytes: number;
  method?: 'GET' | 'POST';
  body?: Buffer;
  /** Asked for every address on the way, so that credentials go only where they belong. */
  headers?: (url: URL) => Readonly<Record<string, string>>;
}

interface ResolvedAddress {
  address: string;
  family: number;
}

const MAX_REDIRECTS = 5;

/**
 * Calls an address that came in data, or one that was configured. The name is resolved once, every address it leads to is
 * checked, and the connection goes to exactly those addresses, so that a second answer of the name server changes nothing.
 * Redirects of GET are followed, each checked anew; other methods are answered with the redirect itself.
 *
 * @throws EgressRefusedError, HttpRequestError or TooLargeError.
 */
export async function safeFetch(address: string, options: EgressOptions): Promise<HttpResponse> {
  const method = options.method ?? 'GET';
  let url = parseHttpUrl(address);
  for (let redirects = 0; ; redirects++) {
    const addresses = await resolve(url, options);
    const response = await sendHttpRequest({
      url,
      method,
      signal: options.signal,
      maxBytes: options.maxBytes,
      lookup: answerWith(addresses),
      ...(options.headers ? { headers: options.headers(url) } : {}),
      ...(options.body ? { body: options.body } : {}),
    });
    const location = response.headers.location;
    if (method !== 'GET' || ![301, 302, 303, 307, 308].includes(response.status) || location === undefined)
      return response;
    if (redirects === MAX_REDIRECTS) throw new EgressRefusedError('too many redirects');
    url = parseHttpUrl(location, url);
  }
}

function parseHttpUrl(address: string, base?: URL): URL {
  const url = URL.parse(address, base?.href);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new EgressRefusedError('only http and https addresses are called');
  }
  // Credentials written into an address would travel with it through redirects and logs.
  if (url.username !== '' || url.password !== '') throw new EgressRefusedError('the address carries a password');
  return url;
}

async function resolve(url: URL, options: EgressOptions): Promise<ResolvedAddress[]> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  const addresses = family === 0 ? await lookUp(host, options.signal) : [{ address: host, family }];
  const mayBePrivate = !options.strict && options.allowedOrigin !== null && url.origin === options.allowedOrigin;
  if (!mayBePrivate && addresses.some(({ address }) => isPrivateAddress(address))) {
    throw new EgressRefusedError(`${url.hostname} is not a public address`);
  }
  return addresses;
}

async function lookUp(host: string, signal: AbortSignal): Promise<ResolvedAddress[]> {
  try {
    return await abortable(resolveHost(host, { all: true }), signal);
  } catch (error) {
    throw new HttpRequestError(error, false);
  }
}

/** A name server that never answers must not outlast the caller's patience. */
function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abandon = () => reject(signal.reason);
    if (signal.aborted) abandon();
    signal.addEventListener('abort', abandon, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abandon));
  });
}

function answerWith(addresses: ResolvedAddress[]): LookupFunction {
  return (_host, options, callback) => {
    const [first] = addresses;
    if (options.all === true) callback(null, addresses);
    else if (first) callback(null, first.address, first.family);
    else callback(Object.assign(new Error('the name leads to no address'), { code: 'ENOTFOUND' }), '', 4);
  };
}
