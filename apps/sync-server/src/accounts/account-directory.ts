import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Selectable } from 'kysely';
import type { Logger } from 'pino';
import type { Db } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';
import { parseAccountConfig } from './account-config.ts';
import { AccountCounters } from './account-counters.ts';
import { type ConnectedAccount, connectAccount } from './connected-account.ts';
import type { ConnectorCatalog } from './connectors.ts';
import type { SecretBox } from './secret-box.ts';

export type { ConnectedAccount } from './connected-account.ts';

export interface AccountDirectoryDeps {
  db: Db;
  connectors: ConnectorCatalog;
  secrets: SecretBox;
  log: Logger;
  strictEgress: boolean;
}

type StoredAccount = Pick<
  Selectable<Tables['accounts']>,
  'id' | 'family' | 'kind' | 'name' | 'config' | 'secrets' | 'team_ids' | 'lane_no'
>;

// How long an account made or changed on another node may stay unknown here.
const REFRESH_MS = 2_000;
/** Unknown accounts are looked for at most this often. */
const LOOK_MS = 50;

/** All connected accounts in memory, so that a webhook is verified without a query. */
export class AccountDirectory {
  readonly #deps: AccountDirectoryDeps;
  readonly #counters: AccountCounters;
  #accounts = new Map<string, { digest: string; account: ConnectedAccount | null }>();
  #looking: Promise<void> | null = null;
  #refreshing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;

  constructor(deps: AccountDirectoryDeps) {
    this.#deps = deps;
    this.#counters = new AccountCounters(deps.db, deps.log);
  }

  /** Reads all accounts and keeps them fresh until `close`. */
  async start(): Promise<void> {
    await this.refresh();
    this.#timer = setInterval(() => {
      this.refresh().catch((error: unknown) => {
        this.#deps.log.warn(
          { event: 'accounts.refresh-failed', err: error },
          'accounts are refreshed when the database answers',
        );
      });
    }, REFRESH_MS);
  }

  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#refreshing.catch(() => undefined);
    // Numbers that cannot be written now are lost with the process; they must not hold up its end.
    await this.#counters.flush().catch((error: unknown) => {
      this.#deps.log.warn({ event: 'accounts.counters-lost', err: error }, 'the last counters could not be written');
    });
  }

  get(id: string): ConnectedAccount | undefined {
    return this.#accounts.get(id)?.account ?? undefined;
  }

  /** All accounts in service. */
  list(): ConnectedAccount[] {
    return [...this.#accounts.values()].flatMap(({ account }) => account ?? []);
  }

  /**
   * As `get`; an account that is not known yet may just have been made on another node, so the database is asked: once for
   * all who ask meanwhile, as anybody may make up addresses.
   */
  async find(id: string): Promise<ConnectedAccount | undefined> {
    const known = this.get(id);
    if (known) return known;
    this.#looking ??= this.#lookAgain();
    await this.#looking;
    return this.get(id);
  }

  async #lookAgain(): Promise<void> {
    try {
      await sleep(LOOK_MS);
    } finally {
      this.#looking = null; // whoever comes from now on is not served by what is read now
    }
    await this.refresh();
  }

  /** Looks again now; call after a change in this process. */
  refresh(): Promise<void> {
    this.#refreshing = this.#refreshing.catch(() => undefined).then(() => this.#read());
    return this.#refreshing;
  }

  async #read(): Promise<void> {
    const rows = await this.#deps.db
      .selectFrom('accounts')
      .select(['id', 'family', 'kind', 'name', 'config', 'secrets', 'team_ids', 'lane_no'])
      .execute();
    const next = new Map<string, { digest: string; account: ConnectedAccount | null }>();
    for (const row of rows) {
      const digest = createHash('sha256').update(JSON.stringify(row)).digest('base64');
      const known = this.#accounts.get(row.id);
      next.set(row.id, known?.digest === digest ? known : { digest, account: this.#connect(row) });
    }
    this.#accounts = next;
  }

  /** Null when this server has no such connector or cannot read the configuration: the account is out of service. */
  #connect(row: StoredAccount): ConnectedAccount | null {
    const { connectors, secrets, log, strictEgress } = this.#deps;
    try {
      const found = connectors.find(row.family, row.kind);
      if (!found) throw new Error(`there is no ${row.family} connector of this kind`);
      const config = parseAccountConfig(found.connector, { ...row.config, ...secrets.open(row.id, row.secrets) });
      return connectAccount(
        found,
        { id: row.id, kind: row.kind, name: row.name, teamIds: row.team_ids, laneNo: row.lane_no },
        config,
        strictEgress,
      );
    } catch (error) {
      log.error(
        { event: 'accounts.unusable', accountId: row.id, kind: row.kind, err: error },
        'an account cannot be used',
      );
      return null;
    }
  }

  /** Counts a refused webhook; exact, and in the database within a second. */
  countRejection(accountId: string, reason: string, atMs: number): void {
    this.#counters.countRejection(accountId, reason, atMs);
  }

  countEvent(accountId: string, atMs: number): void {
    this.#counters.countEvent(accountId, atMs);
  }

  /** Writes the counters, so that what is read next is exact. */
  flushCounters(): Promise<void> {
    return this.#counters.flush();
  }
}
