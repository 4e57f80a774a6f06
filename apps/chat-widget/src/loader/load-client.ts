import type { ClientScript, StartClient, WidgetConfig } from '../common/contract.ts';

/** File name of the client, put in by the build. */
declare const CLIENT_FILE: string;

/**
 * Loads the client with a script element, as pages with `strict-dynamic` or a nonce allow it.
 *
 * @throws Error when the script does not arrive or the page's policy refuses it.
 */
export function loadClient(config: WidgetConfig): Promise<StartClient> {
  return new Promise((resolve, reject) => {
    const script: ClientScript = document.createElement('script');
    if (config.nonce !== '') script.nonce = config.nonce;
    script.addEventListener('load', () => {
      script.remove();
      if (script.startTradewindChat) resolve(script.startTradewindChat);
      else reject(new Error('the client did not start'));
    });
    script.addEventListener('error', () => {
      script.remove();
      reject(new Error('the client could not be loaded'));
    });
    script.src = toScriptUrl(`${config.server}/chat/${CLIENT_FILE}`);
    (document.head ?? document.documentElement).append(script);
  });
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string };
}

let trusted: string | null = null;

/** On pages with `require-trusted-types-for 'script'` an address must come from a policy; ours answers for this one only. */
function toScriptUrl(url: string): string {
  const { trustedTypes } = window as { trustedTypes?: TrustedTypes };
  if (!trustedTypes) return url;
  try {
    // Made once: a policy of the same name is refused the second time.
    trusted ??= trustedTypes.createPolicy('tradewind-chat', { createScriptURL: () => url }).createScriptURL(url);
    return trusted;
  } catch {
    return url; // the page lists its policies and ours is not among them: the README says what to add
  }
}
