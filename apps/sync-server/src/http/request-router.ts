import type { IncomingMessage, ServerResponse } from 'node:http';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Webhooks go to their own handler before Express sees them; everything else is the app's. */
export function routeRequests(webhooks: Handler, app: Handler): Handler {
  return (request, response) => {
    if (request.url?.startsWith('/webhooks/')) webhooks(request, response);
    else app(request, response);
  };
}
