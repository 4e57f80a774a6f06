import { DESKTOP_ORIGIN } from '@tradewind/shared/ipc/origin';

/** Places that mean the same on the server chosen next: what a link asked for. Others belong to the old one. */
const KEPT = /^#\/(?:invite|reset|setup)\/[^\s]{1,500}$/;

/** Where the console begins after a server was chosen. @param before - the address that was shown. */
export function toStartAddress(before: string): string {
  const hash = URL.canParse(before) ? new URL(before).hash : '';
  return `${DESKTOP_ORIGIN}/${KEPT.test(hash) ? hash : ''}`;
}
