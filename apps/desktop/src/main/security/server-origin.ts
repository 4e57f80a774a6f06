/** `https://desk.example` → `wss://desk.example`: policies name the origin of sockets on its own. */
export function toSocketOrigin(server: string): string {
  return server.replace(/^http/, 'ws');
}

/**
 * Whether a request goes to the API or the sockets of this server, and so may carry its session token.
 *
 * @param url - of the request, `http(s):` or `ws(s):`.
 */
export function isApiRequest(url: string, server: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host, pathname } = new URL(url);
  const origin = `${protocol.replace(/^ws/, 'http')}//${host}`;
  return origin === server && (pathname.startsWith('/api/') || pathname.startsWith('/socket.io/'));
}
