import type { Server as HttpServer } from 'node:http';
import { AppError } from '@tradewind/shared/protocol/errors';
import type { AccessChanged, ChangesFrame } from '@tradewind/shared/protocol/sync';
import type { Logger } from 'pino';
import { type Namespace, Server, type Socket } from 'socket.io';
import { z } from 'zod';
import { type AuthAgent, isVisible, scopesOf } from '../auth/scopes.ts';
import type { AuthSession, SessionEnd } from '../auth/session.ts';
import type { Metrics } from '../observability/metrics.ts';
import { Backlog } from './backlog.ts';
import { toHandshakeError } from './handshake-error.ts';

export interface SocketDeps {
  log: Logger;
  metrics: Metrics;
  resolveToken(token: string): Promise<AuthSession | null>;
  /** The session token in a Cookie header, or null. */
  readCookieToken(cookieHeader: string | undefined): string | null;
  /** Whether a page of this origin may use the browser's cookie (protects against cross-site sockets). */
  isOwnOrigin(origin: string | undefined, host: string | undefined): boolean;
  /** Throws AppError `resync` or `bad-input` when the checkpoint is not of this desk's history. */
  checkCheckpoint(checkpoint: string): Promise<void>;
  /** What the agent has lost and gained since this version of his access. */
  findAccessChange(agent: AuthAgent, knownVersion: number): Promise<AccessChanged>;
  joinFeed(agent: AuthAgent): string;
  leaveFeed(key: string): void;
  /** @throws AppError, among them `upgrade-required` for a protocol version that is not understood. */
  runCommands(agent: AuthAgent, body: unknown, protocol: unknown): Promise<unknown>;
  /** Told of every console's socket; `agent` says who it is now. */
  welcomeSignals(socket: Socket, agent: () => AuthAgent): void;
}

const authSchema = z.object({
  token: z.string().max(200).optional(),
  /** The agent the console belongs to; another one may have logged in with the same browser meanwhile. */
  agentId: z.string().max(200).optional(),
  checkpoint: z.string().max(1_000).nullish(),
  accessVersion: z.number().int().nullish(),
  /** The protocol version the console speaks: reading needs none, its commands do. */
  protocol: z.unknown().optional(),
});

interface SocketState {
  session: AuthSession;
  token: string;
  feedKey: string;
}

/** 1 MB: a batch of commands, never a file. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

/**
 * The live side of the desk: handshake, one room per scope set, frames out, commands in. Knows no SQL and no rules; who is
 * who is looked up again whenever the agent's directory entry changes.
 */
export class SocketServer {
  readonly #io: Server;
  readonly #deps: SocketDeps;
  readonly #states = new Map<Socket, SocketState>();
  readonly #backlog = new Backlog();

  constructor(server: HttpServer, deps: SocketDeps) {
    this.#deps = deps;
    // 10 s ping + 20 s grace: a console shows "offline" after at most 30 s of silence (docs/protocol.md, Presence).
    this.#io = new Server(server, {
      serveClient: false,
      pingInterval: 10_000,
      pingTimeout: 20_000,
      maxHttpBufferSize: MAX_MESSAGE_BYTES,
      destroyUpgrade: false,
      // Any page may ask, none with a cookie: an agent's session is proved by token or by a handshake of our own origin.
      cors: { origin: '*' },
    });
    this.#io.use((socket, next) => {
      this.#authenticate(socket).then(
        () => next(),
        (error: unknown) => next(toHandshakeError(error, deps.log)),
      );
    });
    this.#io.on('connection', (socket) => this.#welcome(socket));
  }

  async #authenticate(socket: Socket): Promise<void> {
    const parsed = authSchema.safeParse(socket.handshake.auth);
    if (!parsed.success) throw new AppError('bad-input', 'The socket handshake cannot be read.');
    const token = parsed.data.token ?? readBearer(socket) ?? this.#cookieToken(socket);
    const session = token === null ? null : await this.#deps.resolveToken(token);
    if (token === null || !session) throw new AppError('unauthenticated', 'Sign in first.');
    if (parsed.data.agentId !== undefined && parsed.data.agentId !== session.agent.id) {
      throw new AppError('unauthenticated', 'Another agent is logged in here now: log in again.');
    }
    socket.data.session = session;
    socket.data.token = token;
    socket.data.checkpoint = parsed.data.checkpoint ?? null;
    socket.data.accessVersion = parsed.data.accessVersion ?? null;
    socket.data.protocol = parsed.data.protocol;
  }

  #cookieToken(socket: Socket): string | null {
    const { origin, host, cookie } = socket.handshake.headers;
    return this.#deps.isOwnOrigin(origin, host) ? this.#deps.readCookieToken(cookie) : null;
  }

  #welcome(socket: Socket): void {
    const session = socket.data.session as AuthSession;
    // Joined before anything is awaited: what is written from now on reaches this socket (subscribe, then pull).
    const feedKey = this.#deps.joinFeed(session.agent);
    void socket.join(`feed:${feedKey}`);
    this.#states.set(socket, { session, token: socket.data.token as string, feedKey });
    this.#deps.metrics.sockets.set(this.#states.size);
    socket.on('disconnect', () => {
      this.#deps.leaveFeed(this.#states.get(socket)?.feedKey ?? feedKey);
      this.#states.delete(socket);
      this.#backlog.forget(socket);
      this.#deps.metrics.sockets.set(this.#states.size);
    });
    socket.on(
      'commands',
      (body: unknown, acknowledge: unknown) => void this.#handleCommands(socket, body, acknowledge),
    );
    let agent = session.agent;
    this.#deps.welcomeSignals(socket, () => {
      agent = this.#states.get(socket)?.session.agent ?? agent;
      return agent;
    });
    void this.#greet(socket);
  }

  /** Another namespace on the same connection, with its own handshake. */
  namespace(name: string): Namespace {
    return this.#io.of(name);
  }

  /** Tells every console whose agent may read what has these scopes (R15); null tells all. */
  tell(scopes: readonly string[] | null, event: string, payload: unknown, exceptAgentId?: string): void {
    for (const [socket, { session }] of this.#states) {
      if (session.agent.id === exceptAgentId) continue;
      if (scopes === null || isVisible(scopes, scopesOf(session.agent))) socket.emit(event, payload);
    }
  }

  async #greet(socket: Socket): Promise<void> {
    try {
      // What changed between the handshake and the line above was told to sockets known then, not to this one.
      await this.#refresh(socket);
    } catch (error) {
      this.#deps.log.warn({ event: 'socket.unchecked', err: error }, 'a new socket could not be looked at again');
      socket.disconnect(true); // it comes back
    }
    const session = this.#states.get(socket)?.session;
    if (!session) return;
    const { accessVersion, checkpoint } = socket.data as { accessVersion: number | null; checkpoint: string | null };
    if (accessVersion !== null && accessVersion !== session.agent.accessVersion) {
      await this.#tellAccess(socket, session.agent, accessVersion);
    }
    if (checkpoint === null) return;
    try {
      await this.#deps.checkCheckpoint(checkpoint);
    } catch (error) {
      if (error instanceof AppError) socket.emit('resync', error.toProblem());
      else
        this.#deps.log.warn({ event: 'socket.checkpoint-unchecked', err: error }, 'a checkpoint could not be checked');
    }
  }

  async #handleCommands(socket: Socket, body: unknown, acknowledge: unknown): Promise<void> {
    if (typeof acknowledge !== 'function') return; // without an ack nobody would learn the results
    const state = this.#states.get(socket);
    try {
      const session = state ? await this.#deps.resolveToken(state.token) : null;
      if (!session) throw new AppError('unauthenticated', 'Sign in first.');
      acknowledge(await this.#deps.runCommands(session.agent, body, socket.data.protocol));
    } catch (error) {
      if (!(error instanceof AppError))
        this.#deps.log.error({ event: 'socket.commands-failed', err: error }, 'commands failed');
      const known =
        error instanceof AppError ? error : new AppError('unavailable', 'The server could not take the commands now.');
      acknowledge({ problem: known.toProblem() });
    }
  }

  /** Sends a frame to everybody of a feed group; each gets the access version of his own session. */
  send(feedKey: string, frame: Omit<ChangesFrame, 'accessVersion'>): void {
    const versions = new Map<number, Socket[]>();
    for (const [socket, state] of this.#states) {
      if (state.feedKey !== feedKey) continue;
      const version = state.session.agent.accessVersion;
      versions.set(version, [...(versions.get(version) ?? []), socket]);
    }
    for (const [accessVersion, sockets] of versions) {
      const { changes, ...shell } = { ...frame, accessVersion };
      const ready = this.#backlog.admit(sockets, shell);
      if (ready.length > 0) this.#io.to(ready.map((socket) => socket.id)).emit('changes', { ...shell, changes });
    }
  }

  /** Looks again at agents whose directory entry changed: gone ones are cut, others get their new room. */
  async refreshAgents(agentIds: readonly string[]): Promise<void> {
    for (const [socket, { session }] of [...this.#states]) {
      if (agentIds.includes(session.agent.id)) await this.#refresh(socket);
    }
  }

  async #refresh(socket: Socket): Promise<void> {
    const token = this.#states.get(socket)?.token;
    const session = token === undefined ? null : await this.#deps.resolveToken(token);
    const state = this.#states.get(socket); // as it is now: it may have gone or moved meanwhile
    if (!state) return;
    if (!session) socket.disconnect(true);
    else if (session.agent.accessVersion > state.session.agent.accessVersion) {
      this.#moveRoom(socket, state, session);
      await this.#tellAccess(socket, session.agent, state.session.agent.accessVersion);
    }
  }

  #moveRoom(socket: Socket, state: SocketState, session: AuthSession): void {
    this.#deps.leaveFeed(state.feedKey);
    const feedKey = this.#deps.joinFeed(session.agent);
    this.#states.set(socket, { ...state, session, feedKey });
  }

  /** A console that is not told hears of it all the same: frames and pages name the version they are for. */
  async #tellAccess(socket: Socket, agent: AuthAgent, knownVersion: number): Promise<void> {
    try {
      socket.emit('access-changed', await this.#deps.findAccessChange(agent, knownVersion));
    } catch (error) {
      this.#deps.log.warn({ event: 'socket.access-untold', err: error }, 'a change of access could not be looked up');
    }
  }

  /** Cuts the sockets of sessions that are over. */
  endSessions(end: SessionEnd): void {
    for (const [socket, { session }] of [...this.#states]) {
      const over =
        'sessionId' in end
          ? session.sessionId === end.sessionId
          : session.agent.id === end.agentId && session.sessionId !== end.exceptSessionId;
      if (over) socket.disconnect(true);
    }
  }

  async close(): Promise<void> {
    this.#backlog.stop();
    await this.#io.close();
  }
}

/** What the desktop app adds to its requests; pages cannot set this header on a socket. */
function readBearer(socket: Socket): string | null {
  return /^bearer +(\S{1,200}) *$/i.exec(socket.handshake.headers.authorization ?? '')?.[1] ?? null;
}
