import { serverOriginSchema } from '@tradewind/shared/ipc/bridge';
import { DESKTOP_ORIGIN } from '@tradewind/shared/ipc/origin';

/** Places that mean the same on the server chosen next: what a link asked for. Others belong to the old one. */
const KEPT = /^#\/(?:invite|reset|setup)\/[^\s]{1,500}$/;

/** Where the console begins after a server was chosen. @param before - the address that was shown. */
export function toStartAddress(before: string): string {
  const hash = URL.canParse(before) ? new URL(before).hash : '';
  return `${DESKTOP_ORIGIN}/${KEPT.test(hash) ? hash : ''}`;
}

/** The server to begin with, and the address of the console's page. */
export interface Start {
  server: string;
  address: string;
}

/** Reads `TRADEWIND_SERVER`: a server's origin, or a link to a place in its console, such as its first steps. */
export function parseStart(link: string | undefined): Start | null {
  if (link === undefined || !URL.canParse(link)) return null;
  const server = serverOriginSchema.safeParse(new URL(link).origin).data;
  return server === undefined ? null : { server, address: toStartAddress(link) };
}
