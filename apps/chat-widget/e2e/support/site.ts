import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pages } from './pages.ts';

/** The shop's own site: pages of another origin than the desk. */
export interface Site {
  origin: string;
  close(): Promise<void>;
}

/** @param readDesk - address of the desk, once it is known. */
export async function startSite(readDesk: () => string): Promise<Site> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://site');
    const render = pages[url.pathname.slice(1)];
    if (render === undefined) {
      response.writeHead(404).end();
      return;
    }
    const { html, headers } = render({ desk: readDesk(), query: url.searchParams });
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers });
    response.end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
