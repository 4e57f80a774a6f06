import { EventEmitter } from 'node:events';
import type { SimProcess } from './sim-process.ts';
import type { SimServerSocket } from './sim-socket-server.ts';

/** In place of a `socket.io-client` socket. */
export class SimClientSocket extends EventEmitter {
  readonly owner: SimProcess;
  readonly auth: Record<string, unknown>;
  connected = false;
  closed = false;
  server: SimServerSocket | null = null;

  constructor(owner: SimProcess, auth: Record<string, unknown>) {
    super();
    this.owner = owner;
    // What travels is a copy.
    this.auth = JSON.parse(JSON.stringify(auth)) as Record<string, unknown>;
  }

  override emit(event: string, ...args: unknown[]): boolean {
    if (this.connected) this.owner.world.network.toServer(this, event, args);
    return true;
  }

  /** What the server said, or what became of the connection. */
  receive(event: string, ...args: unknown[]): void {
    if (this.closed || !this.owner.alive) return;
    if (event === 'connect') this.connected = true;
    if (event === 'disconnect' || event === 'connect_error') {
      this.connected = false;
      this.closed = true;
    }
    this.owner.run(() => super.emit(event, ...args));
  }

  close(): this {
    if (this.closed) return this;
    this.closed = true;
    this.connected = false;
    this.owner.world.network.hangUp(this);
    return this;
  }
}
