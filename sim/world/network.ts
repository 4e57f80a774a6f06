import { connectionReset } from './connection-reset.ts';
import type { Scheduler, Task } from './scheduler.ts';
import type { SimClientSocket } from './sim-client-socket.ts';
import type { HttpAnswer, HttpCall, SimHttpServer } from './sim-http-server.ts';
import type { SimProcess } from './sim-process.ts';
import { SimServerSocket } from './sim-socket-server.ts';

/** One thing said on a connection, on its way. */
export interface Message {
  event: string;
  args: readonly unknown[];
}

/** What the network makes of one request; decided when it leaves and when its answer does. */
export interface CallFate {
  lost: boolean;
  twice: boolean;
  answerLost: boolean;
}

const GOOD: CallFate = { lost: false, twice: false, answerLost: false };

/** A connection's queue towards the client. */
interface Line {
  socket: SimServerSocket;
  queue: Message[];
  task: Task | null;
}

/**
 * Everything between consoles and server nodes. A request, an answer and what is said on a connection each wait for their
 * turn; the seed may lose, double and reorder them.
 */
export class Network {
  readonly #scheduler: Scheduler;
  readonly #servers: SimHttpServer[] = [];
  readonly #lines = new Map<SimServerSocket, Line>();
  #count = 0;
  /** Processes without network. */
  readonly offline = new Set<SimProcess>();
  /** Asked for each request. */
  fateOf: (call: HttpCall, from: SimProcess | null) => CallFate = () => GOOD;
  /** Changes what waits on a connection before the first of it is delivered. */
  disturb: ((queue: Message[]) => void) | null = null;
  /** Told of every answer that leaves a server, whether it arrives or not. Null: somebody who is no console asked. */
  onAnswer: ((to: SimProcess | null, call: HttpCall, answer: HttpAnswer) => void) | null = null;
  onPush: ((to: SimProcess, message: Message) => void) | null = null;
  /** Told when an answer is about to leave the node; false when the node died instead. */
  beforeAnswer: ((server: SimHttpServer, call: HttpCall) => boolean) | null = null;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  announce(server: SimHttpServer): void {
    this.#servers.push(server);
    server.owner.onDeath(() => {
      this.#servers.splice(this.#servers.indexOf(server), 1);
      for (const line of [...this.#lines.values()]) {
        if (line.socket.owner === server.owner) this.cut(line.socket.client, 'transport close');
      }
    });
  }

  /** @throws TypeError, as fetch does, when there is no answer. */
  call(from: SimProcess | null, call: HttpCall, signal?: AbortSignal): Promise<HttpAnswer> {
    const fate = this.fateOf(call, from);
    return new Promise((resolve, reject) => {
      const fail = () => this.#add(from, `no answer ${call.path}`, () => reject(connectionReset()));
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      this.#add(null, `${call.method} ${call.path}`, () => {
        const server = this.#serverFor(from);
        if (!server || fate.lost || signal?.aborted) return fail();
        const lost = () => fail();
        server.owner.onDeath(lost);
        if (fate.twice) void server.handle(call);
        void server.handle(call).then((answer) => {
          if (!server.owner.alive || this.beforeAnswer?.(server, call) === false) return;
          this.onAnswer?.(from, call, answer);
          this.#add(null, `answer ${call.path}`, () => {
            if (fate.answerLost || (from && this.offline.has(from))) return reject(connectionReset());
            resolve(answer);
          });
        });
      });
    });
  }

  connect(client: SimClientSocket): void {
    this.#add(client.owner, 'connect', async () => {
      const server = this.#serverFor(client.owner);
      if (!server?.sockets || client.closed) return this.#refuse(client, new Error('xhr poll error'));
      const { sockets, owner } = server;
      this.#count += 1;
      const socket = new SimServerSocket(owner, client, `socket-${this.#count}`);
      void owner
        .run(() => sockets.admit(socket))
        .then(
          () => {
            if (!owner.alive || client.closed) return;
            client.server = socket;
            this.#lines.set(socket, { socket, queue: [], task: null });
            this.toClient(socket, 'connect', []);
            owner.run(() => sockets.welcome(socket));
          },
          (error: Error) => this.#refuse(client, error),
        );
      owner.onDeath(() => this.#refuse(client, new Error('xhr poll error')));
    });
  }

  toClient(socket: SimServerSocket, event: string, args: readonly unknown[]): void {
    const line = this.#lines.get(socket);
    if (!line) return;
    const message = { event, args: JSON.parse(JSON.stringify(args)) as unknown[] };
    this.onPush?.(socket.client.owner, message);
    line.queue.push(message);
    this.#wake(line);
  }

  toServer(client: SimClientSocket, event: string, args: readonly unknown[]): void {
    const { server } = client;
    if (!server) return;
    this.#add(client.owner, `say ${event}`, () => {
      if (server.connected && !this.offline.has(client.owner)) server.receive(event, ...args);
    });
  }

  /** The client closes its end. */
  hangUp(client: SimClientSocket): void {
    const { server } = client;
    if (server) this.#add(server.owner, 'hang up', () => this.#drop(server, 'client namespace disconnect'));
  }

  /** The connection breaks; both ends learn of it, each in its own time. */
  cut(client: SimClientSocket, reason: string): void {
    const { server } = client;
    if (server) this.#add(server.owner, 'lost client', () => this.#drop(server, reason));
    this.#add(client.owner, 'lost server', () => client.receive('disconnect', reason));
    if (server) this.#lines.delete(server);
  }

  /** Every connection of a console. */
  cutAll(client: SimProcess, reason: string): void {
    for (const { socket } of [...this.#lines.values()]) {
      if (socket.client.owner === client) this.cut(socket.client, reason);
    }
  }

  #drop(socket: SimServerSocket, reason: string): void {
    this.#lines.delete(socket);
    socket.lose(reason);
  }

  #refuse(client: SimClientSocket, error: Error): void {
    if (client.server === null) this.#add(client.owner, 'refused', () => client.receive('connect_error', error));
  }

  #serverFor(from: SimProcess | null): SimHttpServer | undefined {
    if (from && this.offline.has(from)) return undefined;
    return this.#servers.find((server) => server.listening && server.owner.alive);
  }

  #wake(line: Line): void {
    if (line.task || line.queue.length === 0) return;
    line.task = {
      owner: line.socket.client.owner,
      kind: 'network',
      label: 'deliver',
      run: () => {
        line.task = null;
        this.disturb?.(line.queue);
        const message = line.queue.shift();
        if (message && this.#lines.get(line.socket) === line)
          line.socket.client.receive(message.event, ...message.args);
        this.#wake(line);
      },
    };
    this.#scheduler.add(line.task);
  }

  #add(owner: SimProcess | null, label: string, run: () => void | Promise<void>): void {
    this.#scheduler.add({ owner, kind: 'network', label, run });
  }
}
