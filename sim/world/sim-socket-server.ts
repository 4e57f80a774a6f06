import { EventEmitter } from 'node:events';
import type { SimClientSocket } from './sim-client-socket.ts';
import type { SimHttpServer } from './sim-http-server.ts';
import type { SimProcess } from './sim-process.ts';

type Middleware = (socket: SimServerSocket, next: (error?: Error) => void) => void;

/** One end of a connection, as the server has it: what it says waits in the network. */
export class SimServerSocket extends EventEmitter {
  readonly id: string;
  readonly data: Record<string, unknown> = {};
  readonly handshake: { auth: Record<string, unknown>; headers: Record<string, string>; address: string };
  readonly request = { headers: {}, socket: { remoteAddress: '203.0.113.7' } };
  readonly rooms = new Set<string>();
  /** Nothing waits in the process: what is said is in the network at once. */
  readonly conn = { writeBuffer: [], transport: {} };
  readonly owner: SimProcess;
  readonly client: SimClientSocket;
  connected = true;

  constructor(owner: SimProcess, client: SimClientSocket, id: string) {
    super();
    this.owner = owner;
    this.client = client;
    this.id = id;
    this.handshake = { auth: client.auth, headers: {}, address: '203.0.113.7' };
  }

  override emit(event: string, ...args: unknown[]): boolean {
    if (this.connected) this.owner.world.network.toClient(this, event, args);
    return true;
  }

  /** What the client said, or that it is gone. */
  receive(event: string, ...args: unknown[]): void {
    this.owner.run(() => super.emit(event, ...args));
  }

  join(rooms: string | readonly string[]): void {
    for (const room of [rooms].flat()) this.rooms.add(room);
  }

  leave(room: string): void {
    this.rooms.delete(room);
  }

  /** Cut by the server itself. */
  disconnect(): this {
    this.owner.world.network.cut(this.client, 'io server disconnect');
    return this;
  }

  /** The server learns that the other end is gone. */
  lose(reason: string): void {
    if (!this.connected) return;
    this.connected = false;
    this.receive('disconnect', reason);
  }
}

/** In place of a Socket.IO namespace. */
export class SimNamespace extends EventEmitter {
  readonly sockets = new Map<string, SimServerSocket>();
  readonly #middleware: Middleware[] = [];

  use(middleware: Middleware): this {
    this.#middleware.push(middleware);
    return this;
  }

  /** Runs the handshake. @throws what a middleware refuses with. */
  async admit(socket: SimServerSocket): Promise<void> {
    for (const middleware of this.#middleware) {
      await new Promise<void>((resolve, reject) => middleware(socket, (error) => (error ? reject(error) : resolve())));
    }
  }

  welcome(socket: SimServerSocket): void {
    this.sockets.set(socket.id, socket);
    socket.owner.run(() => socket.prependListener('disconnect', () => this.sockets.delete(socket.id)));
    this.emit('connection', socket);
  }

  to(rooms: string | readonly string[]): { emit(event: string, ...args: unknown[]): void } {
    const wanted = [rooms].flat();
    return {
      emit: (event, ...args) => {
        for (const socket of this.sockets.values()) {
          if (wanted.some((room) => room === socket.id || socket.rooms.has(room))) socket.emit(event, ...args);
        }
      },
    };
  }
}

/** In place of Socket.IO's server: the same words, over the simulated network. */
export class SimSocketServer extends SimNamespace {
  readonly #namespaces = new Map<string, SimNamespace>();

  constructor(server: SimHttpServer) {
    super();
    server.sockets = this;
  }

  of(name: string): SimNamespace {
    const known = this.#namespaces.get(name) ?? new SimNamespace();
    this.#namespaces.set(name, known);
    return known;
  }

  async close(): Promise<void> {
    for (const socket of [...this.sockets.values()]) socket.disconnect();
  }
}
