import { type Handler, SimHttpServer } from '../../world/sim-http-server.ts';
import { requireProcess } from '../../world/sim-process.ts';

export function createServer(handler: Handler): SimHttpServer {
  const owner = requireProcess();
  const server = new SimHttpServer(owner, handler);
  owner.world.network.announce(server);
  return server;
}
