import type { HttpRequest, HttpResponse } from '../../../apps/sync-server/src/net/http-request.ts';
import { HttpRequestError } from '../../../apps/sync-server/src/net/http-request.ts';
import { requireProcess } from '../../world/sim-process.ts';

// biome-ignore lint/performance/noBarrelFile: it stands in for a module, with all that one exports
export { HttpRequestError, parseRetryAfter, TooLargeError } from '../../../apps/sync-server/src/net/http-request.ts';

/** What the server asks of platforms goes to the simulated ones. */
export function sendHttpRequest(request: HttpRequest): Promise<HttpResponse> {
  const owner = requireProcess();
  return owner.world.platforms.take(owner, request, (cause, maybeSent) => new HttpRequestError(cause, maybeSent));
}
