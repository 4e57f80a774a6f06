import { Socket as Line } from 'engine.io-client';

/** One connection to one namespace; a lost one is replaced by a new one. */
export interface ChatSocket {
  send(event: string, body: object): void;
  /** @throws Error when the connection ends, or no answer comes in time. */
  request(event: string, body: object): Promise<unknown>;
  /** Ends it without a word to the handlers. */
  close(): void;
}

export interface SocketHandlers {
  onEvent: (event: string, body: unknown) => void;
  /** @param reason - what the server gives as `data` of a refused connection; null where it gives nothing. */
  onRefused: (reason: unknown) => void;
  /** The connection ended, or never came about. */
  onClose: () => void;
}

/** In the order they are tried. */
export type Transports = readonly ('websocket' | 'polling')[];

const TIMEOUT_MS = 10_000;
const NAMESPACE = '/chat,';
/** Types of packet, and `type namespace id? json?`. */
const CONNECT = '0';
const DISCONNECT = '1';
const EVENT = '2';
const ANSWER = '3';
const REFUSED = '4';
const PACKET = /^(\d)\/chat,(\d*)(.*)$/s;

/**
 * The packets of Socket.IO over its own transport. Its whole client also knows binary data, several namespaces and its
 * own rules for reconnecting, none of which is needed here, and all of which every visitor would load.
 *
 * @see https://socket.io/docs/v4/socket-io-protocol/
 */
export function openSocket(server: string, transports: Transports, auth: object, handlers: SocketHandlers): ChatSocket {
  const answers = new Map<string, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  let lastId = 0;
  let ended = false;
  const line = new Line(server, {
    path: '/socket.io',
    transports: [...transports],
    tryAllTransports: true,
  });
  const timer = setTimeout(fail, TIMEOUT_MS);
  line.on('open', () => line.send(CONNECT + NAMESPACE + JSON.stringify(auth)));
  line.on('message', handleMessage);
  line.on('close', fail);

  function handleMessage(message: unknown): void {
    const [, type, id = '', json] = PACKET.exec(String(message)) ?? [];
    if (ended || type === undefined) return;
    const data: unknown = json ? JSON.parse(json) : null;
    if (type === CONNECT) clearTimeout(timer);
    else if (type === EVENT) handlers.onEvent(...(data as [string, unknown]));
    else if (type === ANSWER) answers.get(id)?.resolve((data as unknown[])[0]);
    else if (type === DISCONNECT) fail();
    else if (type === REFUSED) {
      end();
      handlers.onRefused((data as { data?: unknown } | null)?.data ?? null);
    }
  }

  function end(): void {
    ended = true;
    clearTimeout(timer);
    for (const answer of answers.values()) answer.reject(new Error('the connection ended'));
    line.close();
  }

  function fail(): void {
    if (ended) return;
    end();
    handlers.onClose();
  }

  const send = (event: string, body: object, id = '') => {
    line.send(EVENT + NAMESPACE + id + JSON.stringify([event, body]));
  };

  return {
    send,
    close: end,
    request(event, body) {
      const id = String(++lastId);
      return new Promise((resolve, reject) => {
        if (ended) throw new Error('the connection ended');
        answers.set(id, { resolve, reject });
        setTimeout(() => reject(new Error('no answer in time')), TIMEOUT_MS);
        send(event, body, id);
      }).finally(() => answers.delete(id));
    },
  };
}
