import pg from 'pg';

export interface NotificationsDeps {
  connectionString: string;
  channels: readonly string[];
  /** Called with what anybody on this database says on a channel, oneself included. */
  onMessage(channel: string, payload: string): void;
  /** Called whenever there is a connection: what was said before it was not heard. */
  onOpen(): void;
  onLost(error: Error | undefined): void;
}

const ANSWER_MS = 5_000;
const RETRY_MS = [500, 1_000, 2_000, 5_000] as const;

/** LISTEN and NOTIFY on a connection of their own, which is opened anew for as long as it takes. */
export class Notifications {
  readonly #deps: NotificationsDeps;
  #client: pg.Client | null = null;
  #opening: Promise<void> = Promise.resolve();
  #retry: NodeJS.Timeout | null = null;
  #failures = 0;
  #isStopped = false;

  constructor(deps: NotificationsDeps) {
    this.#deps = deps;
  }

  get isOpen(): boolean {
    return this.#client !== null;
  }

  /** In the background: whoever starts does not wait for it. */
  start(): void {
    this.#opening = this.#open();
  }

  /** Says something to everybody on this database; lost where there is no connection. @param payload - below 8,000 bytes. */
  async send(channel: string, payload: string): Promise<void> {
    const client = this.#client;
    if (!client) return;
    try {
      await client.query('select pg_notify($1, $2)', [channel, payload]);
    } catch (error) {
      // A connection that does not answer is a dead one, whatever the network says.
      this.#lose(client, toError(error));
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#retry) clearTimeout(this.#retry);
    await this.#opening;
    const client = this.#client;
    this.#client = null;
    if (client) await end(client);
  }

  async #open(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#deps.connectionString,
      application_name: 'tradewind-nodes',
      keepAlive: true,
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
    });
    client.on('notification', ({ channel, payload = '' }) => {
      if (this.#client === client) this.#deps.onMessage(channel, payload);
    });
    // Also after the connection was given up: an error that nobody listens for would end the process.
    client.on('error', (error) => this.#lose(client, error));
    client.on('end', () => this.#lose(client, undefined));
    try {
      await client.connect();
      for (const channel of this.#deps.channels) await client.query(`listen ${channel}`);
    } catch (error) {
      await end(client);
      this.#retryLater(toError(error));
      return;
    }
    this.#client = client;
    this.#failures = 0;
    if (!this.#isStopped) this.#deps.onOpen();
  }

  #lose(client: pg.Client, error: Error | undefined): void {
    if (this.#client !== client) return;
    this.#client = null;
    void end(client);
    this.#retryLater(error);
  }

  #retryLater(error: Error | undefined): void {
    if (this.#isStopped) return;
    this.#deps.onLost(error);
    const delayMs = RETRY_MS[Math.min(this.#failures++, RETRY_MS.length - 1)];
    this.#retry = setTimeout(() => {
      this.#opening = this.#open();
    }, delayMs);
  }
}

/** Whatever it says to that: it is not used any more. */
async function end(client: pg.Client): Promise<void> {
  await client.end().catch(() => undefined);
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
