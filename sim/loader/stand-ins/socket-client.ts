import { SimClientSocket } from '../../world/sim-client-socket.ts';
import { requireProcess } from '../../world/sim-process.ts';

export function io(_url: string, options: { auth: Record<string, unknown> }): SimClientSocket {
  const owner = requireProcess();
  const socket = new SimClientSocket(owner, options.auth);
  owner.world.network.connect(socket);
  return socket;
}
