import { DESKTOP_ORIGIN } from '@tradewind/shared/ipc/origin';

/** What becomes of an address a page wants to go to. */
export type NavigationVerdict = 'allow' | 'download' | 'open-outside' | 'block';

const ATTACHMENT = /^\/api\/attachments\/[\w-]{1,100}$/;
/** Those the console makes links of. */
const OUTSIDE = new Set(['https:', 'http:', 'mailto:', 'tel:']);
const LONGEST_ADDRESS = 4_000;

/** The page itself, wherever it stands; its other addresses are files, which nobody should look at as a page. */
export function isConsolePage(address: string): boolean {
  const url = toAppUrl(address);
  return url !== null && (url.pathname === '/' || url.pathname === '/index.html');
}

/** The console never leaves its page: links go to the system's browser, files of a conversation become downloads. */
export function judgeNavigation(address: string): NavigationVerdict {
  if (isConsolePage(address)) return 'allow';
  const url = toAppUrl(address);
  if (url) return ATTACHMENT.test(url.pathname) ? 'download' : 'block';
  return isOutsideLink(address) ? 'open-outside' : 'block';
}

/** Addresses the system may be asked to open; others start programs (`file:`, `smb:`, `ms-…:`). */
export function isOutsideLink(address: string): boolean {
  return address.length <= LONGEST_ADDRESS && URL.canParse(address) && OUTSIDE.has(new URL(address).protocol);
}

/** Files of the chosen server's conversations, and what the console made itself. */
export function mayDownload(address: string): boolean {
  if (address.startsWith(`blob:${DESKTOP_ORIGIN}/`)) return true;
  const url = toAppUrl(address);
  return url !== null && ATTACHMENT.test(url.pathname);
}

/** Schemes of apps have the origin `null` in Node: scheme and host are compared one by one. */
function toAppUrl(address: string): URL | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  return `${url.protocol}//${url.host}` === DESKTOP_ORIGIN ? url : null;
}
