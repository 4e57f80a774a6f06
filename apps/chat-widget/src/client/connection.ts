import type { ChatAuth, ChatProblem } from '@tradewind/shared/chat/wire';
import { type ChatSocket, openSocket, type Transports } from './socket.ts';

export type Problem = ChatProblem['problem'];
export type ConnectionState = 'connecting' | 'online' | 'offline';

/** The desk answered with a refusal. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.title);
    this.problem = problem;
  }
}

interface Options {
  server: string;
  /** Asked anew for each connection; while it fails there is none. */
  readAuth: () => Promise<ChatAuth>;
  onEvent: (event: string, body: unknown) => void;
  onState: (state: ConnectionState) => void;
  /** The desk refused the connection; it is tried again later all the same. */
  onRefused: (problem: Problem) => void;
}

export interface Connection {
  readonly state: ConnectionState;
  /** Connects, at once if it is waiting for the next try. */
  connect(): void;
  /** Ends the connection until {@link Connection.connect}. */
  disconnect(): void;
  /** Ends it and connects anew, with a fresh proof of who this is. */
  reconnect(): void;
  /**
   * @throws ProblemError when the desk refused.
   * @throws Error when no answer came in time.
   */
  request<T>(event: string, body: object): Promise<T>;
  /** Says something that may be lost. */
  notify(event: string, body: object): void;
}

/**
 * A web socket needs no sticky load balancer; polling is for networks that cut it off. Some only let it hang, so the two
 * take turns; polling becomes a web socket by itself where that works.
 */
const TRANSPORTS: readonly Transports[] = [
  ['websocket', 'polling'],
  ['polling', 'websocket'],
];
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;
/** Refused by a rule, not by a fault: it takes somebody to change that. */
const REFUSED_RETRY_MS = 60_000;

export function createConnection({ server, readAuth, onEvent, onState, onRefused }: Options): Connection {
  let state: ConnectionState = 'offline';
  let socket: ChatSocket | null = null;
  let failures = 0;
  /** Counts connections and their ends, so that what comes late from an old one is known. */
  let attempts = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function setState(value: ConnectionState): void {
    if (state === value) return;
    state = value;
    onState(value);
  }

  async function connect(): Promise<void> {
    clearTimeout(timer);
    if (state !== 'offline') return;
    setState('connecting');
    const attempt = ++attempts;
    const auth = await readAuth().catch(() => null);
    if (attempt !== attempts) return;
    if (auth === null) return fail();
    socket = openSocket(server, TRANSPORTS[failures % 2] ?? [], auth, {
      onEvent: handleEvent,
      onRefused: handleRefusal,
      onClose: fail,
    });
  }

  function disconnect(): void {
    clearTimeout(timer);
    attempts++;
    socket?.close();
    socket = null;
    setState('offline');
  }

  function fail(delayMs = Math.min(FIRST_RETRY_MS * 2 ** failures, LONGEST_RETRY_MS)): void {
    disconnect();
    failures++;
    // Apart from each other: thousands of pages come back at the same moment after a restart.
    timer = setTimeout(connect, delayMs * (0.75 + Math.random() / 2));
  }

  function handleEvent(event: string, body: unknown): void {
    if (event === 'welcome') {
      failures = 0;
      setState('online');
    }
    onEvent(event, body);
  }

  function handleRefusal(reason: unknown): void {
    const problem = reason as Problem | null;
    fail(problem === null ? undefined : (problem.retryAfterMs ?? REFUSED_RETRY_MS));
    if (problem) onRefused(problem);
  }

  return {
    get state() {
      return state;
    },
    connect,
    disconnect,
    reconnect() {
      disconnect();
      failures = 0;
      connect();
    },
    async request<T>(event: string, body: object): Promise<T> {
      if (socket === null) throw new Error('there is no connection');
      const answer = (await socket.request(event, body)) as T & Partial<ChatProblem>;
      if (answer.problem !== undefined) throw new ProblemError(answer.problem);
      return answer;
    },
    notify(event, body) {
      if (state === 'online') socket?.send(event, body);
    },
  };
}
