import { type ShellEvent, serverAddressSchema, serverOriginSchema } from '@tradewind/shared/ipc/bridge';
import { z } from 'zod';

export const LINK_SCHEME = 'tradewind';
const LONGEST_LINK = 2_500;

const conversationId = z.string().regex(/^[\w-]{1,100}$/);
const linkSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('connect'), address: serverAddressSchema }),
  z.object({
    kind: z.literal('conversation'),
    conversationId,
    /** The server it lies on; null: the chosen one. */
    server: serverOriginSchema.nullable(),
  }),
]);
export type Link = z.infer<typeof linkSchema>;

/** Reads `tradewind://connect?server=…` and `tradewind://conversation/{id}?server=…`. Anybody may have written it. */
export function parseLink(text: string): Link | null {
  if (text.length > LONGEST_LINK || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== `${LINK_SCHEME}:`) return null;
  const server = url.searchParams.get('server');
  // Windows adds a slash at the end of some links.
  const path = url.pathname.replace(/^\/|\/$/g, '');
  const link =
    url.host === 'connect' && path === ''
      ? { kind: 'connect', address: server }
      : { kind: url.host, conversationId: path, server };
  return linkSchema.safeParse(link).data ?? null;
}

/** The link among a process's arguments: the system adds it to our command line, Chromium may move it about. */
export function findLink(argv: readonly string[]): Link | null {
  for (const argument of argv) {
    const link = parseLink(argument);
    if (link) return link;
  }
  return null;
}

/** A link to a conversation, as notices carry it. */
export function toConversationLink(conversation: string, server: string | null): string {
  const query = server === null ? '' : `?server=${encodeURIComponent(server)}`;
  return `${LINK_SCHEME}://conversation/${encodeURIComponent(conversation)}${query}`;
}

/** What the page is told. A link never connects by itself: to another server the page asks first. */
export function toEvent(link: Link, currentServer: string | null): ShellEvent {
  if (link.kind === 'connect') return { type: 'connect', address: link.address };
  const { conversationId, server } = link;
  if (server !== null && server !== currentServer) return { type: 'connect', address: server };
  return { type: 'open-conversation', conversationId };
}
