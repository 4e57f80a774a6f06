import { createUuidV7 } from '@tradewind/shared/ids';
import { AppError } from '@tradewind/shared/protocol/errors';
import { type Selectable, type SqlBool, sql } from 'kysely';
import { diffFields, writeAudit } from '../audit/audit.ts';
import type { SessionStore } from '../auth/session-store.ts';
import type { Db, Tx } from '../db/database.ts';
import { toJsonText } from '../db/json-text.ts';
import { type Page, type PageRequest, readPage } from '../db/queries/page.ts';
import type { Tables } from '../db/tables.ts';
import { appendChanges, type ChangeBus, headOf } from '../replication/change-log.ts';
import {
  mergeConfig,
  parseAccountConfig,
  type RawConfig,
  type SplitConfig,
  splitConfig,
  toShownConfig,
} from './account-config.ts';
import type { AccountDirectory } from './account-directory.ts';
import type { AnyConnector, ConnectorCatalog } from './connectors.ts';
import { rescopeAccount } from './rescope.ts';
import type { SecretBox } from './secret-box.ts';
import { type SendProblem, toSendProblem } from './send-health.ts';
import { assertTeamsExist } from './teams-exist.ts';

export type Family = 'channel' | 'store';

/** A channel account or store as the admin sees it; secrets read back as `"set"`. */
export interface AccountView {
  id: string;
  kind: string;
  name: string;
  config: RawConfig;
  teamIds: string[];
  address: string;
  webhookUrl: string;
  rejected: number;
  lastRejectedAt: number | null;
  lastRejectReason: string | null;
  lastEventAt: number | null;
  /** Null while sending works, or where nothing is sent. */
  sendProblem: SendProblem | null;
  createdAt: number;
}

export interface NewAccount {
  kind: string;
  name: string;
  config: RawConfig;
  teamIds: string[];
}

export interface AccountPatch {
  name?: string | undefined;
  config?: RawConfig | undefined;
  teamIds?: string[] | undefined;
}

export interface AccountServiceDeps {
  db: Db;
  connectors: ConnectorCatalog;
  secrets: SecretBox;
  directory: AccountDirectory;
  sessions: SessionStore;
  bus: ChangeBus;
  now: () => number;
  /** Address under which platforms reach this server, without a slash at the end. */
  publicUrl: () => string;
}

type AccountRow = Selectable<Tables['accounts']>;

/** Makes and changes connected accounts. Who may do so is the caller's question. */
export class AccountService {
  readonly #deps: AccountServiceDeps;

  constructor(deps: AccountServiceDeps) {
    this.#deps = deps;
  }

  /** @throws AppError `bad-input` naming every wrong field; no value is repeated. */
  async create(actor: string, family: Family, input: NewAccount): Promise<AccountView> {
    const { connector } = this.#findConnector(family, input.kind);
    const stored = splitConfig(
      mergeConfig({ config: {}, secrets: {} }, input.config, connector.secretKeys),
      connector.secretKeys,
    );
    const address = toAddress(connector, stored);
    const at = this.#deps.now();
    const id = createUuidV7(at);
    await this.#change(async (tx) => {
      await assertTeamsExist(tx, input.teamIds);
      const values = {
        ...this.#toColumns(id, stored, address),
        name: input.name,
        team_ids: [...new Set(input.teamIds)],
      };
      await tx
        .insertInto('accounts')
        .values({ id, family, kind: input.kind, created_at: at, ...values })
        .execute();
      const after = { kind: input.kind, name: input.name, teamIds: input.teamIds, config: toShownConfig(stored) };
      await writeAudit(tx, { at, actor, action: `${family}.create`, target: `${family}:${id}`, after });
      return [id];
    });
    return this.get(family, id);
  }

  /** @throws AppError `not-found`, or `bad-input` naming every wrong field. */
  async update(actor: string, family: Family, id: string, patch: AccountPatch): Promise<AccountView> {
    await this.#change(async (tx) => {
      const row = await tx
        .selectFrom('accounts')
        .selectAll()
        .where('id', '=', id)
        .where('family', '=', family)
        // Not "for update": writers under way, for whom `rescopeAccount` waits, may still refer to this row.
        .forNoKeyUpdate()
        .executeTakeFirst();
      if (!row) throw notFound(family);
      const { connector } = this.#findConnector(family, row.kind);
      const before = { config: row.config, secrets: this.#deps.secrets.open(id, row.secrets) };
      const merged = mergeConfig(before, patch.config ?? {}, connector.secretKeys);
      const stored = splitConfig(merged, connector.secretKeys);
      const next = { name: patch.name ?? row.name, teamIds: [...new Set(patch.teamIds ?? row.team_ids)] };
      await assertTeamsExist(tx, next.teamIds);
      const columns = this.#toColumns(id, stored, toAddress(connector, stored));
      await tx
        .updateTable('accounts')
        .set({ ...columns, name: next.name, team_ids: next.teamIds })
        .where('id', '=', id)
        .execute();
      const readers = isSameSet(row.team_ids, next.teamIds)
        ? []
        : await rescopeAccount(tx, id, row.team_ids, next.teamIds);
      await this.#auditUpdate(
        tx,
        actor,
        family,
        id,
        { name: row.name, teamIds: row.team_ids, ...before },
        { ...next, ...stored },
      );
      return [id, ...readers];
    });
    return this.get(family, id);
  }

  async #auditUpdate(
    tx: Tx,
    actor: string,
    family: Family,
    id: string,
    before: SplitConfig & { name: string; teamIds: string[] },
    after: SplitConfig & { name: string; teamIds: string[] },
  ): Promise<void> {
    const replaced = Object.keys({ ...before.secrets, ...after.secrets }).filter(
      (key) => JSON.stringify(before.secrets[key]) !== JSON.stringify(after.secrets[key]),
    );
    const shown = ({ name, teamIds, ...config }: typeof before) => ({ name, teamIds, config: toShownConfig(config) });
    const changed = diffFields(shown(before), shown(after));
    await writeAudit(tx, {
      at: this.#deps.now(),
      actor,
      action: `${family}.update`,
      target: `${family}:${id}`,
      before: changed.before,
      after: { ...changed.after, ...(replaced.length > 0 ? { replacedSecrets: replaced } : {}) },
    });
  }

  async get(family: Family, id: string): Promise<AccountView> {
    await this.#deps.directory.flushCounters();
    const row = await this.#deps.db
      .selectFrom('accounts')
      .selectAll()
      .where('id', '=', id)
      .where('family', '=', family)
      .executeTakeFirst();
    if (!row) throw notFound(family);
    return this.#toView(row);
  }

  async list(family: Family, page: PageRequest): Promise<Page<AccountView>> {
    await this.#deps.directory.flushCounters();
    const found = await readPage<AccountRow>(this.#deps.db, page, {
      name: family,
      filters: {},
      keys: [{ column: 'accounts.id', type: 'string' }],
      select: sql`accounts.*`,
      from: sql`accounts`,
      conditions: [sql<SqlBool>`accounts.family = ${family}`],
    });
    return { items: found.items.map((row) => this.#toView(row)), nextCursor: found.nextCursor };
  }

  #findConnector(family: Family, kind: string): AnyConnector {
    const found = this.#deps.connectors.find(family, kind);
    if (found) return found;
    const kinds = this.#deps.connectors.kindsOf(family).join(', ');
    throw new AppError('bad-input', `There is no such kind of ${family}.`, {
      errors: [{ path: 'kind', message: `must be one of: ${kinds}` }],
    });
  }

  #toColumns(id: string, stored: SplitConfig, address: string) {
    return { config: toJsonText(stored.config), secrets: this.#deps.secrets.seal(id, stored.secrets), address };
  }

  /** Runs a change that gives the ids of changed directory entries; once committed, this process and the consoles hear of it. */
  async #change(work: (tx: Tx) => Promise<string[]>): Promise<void> {
    const appended = await this.#deps.db.transaction().execute(async (tx) => {
      const changed = await work(tx);
      const entries = changed.map((id) => ({ collection: 'directory' as const, id, scopes: ['desk'] }));
      return appendChanges(tx, entries, this.#deps.now());
    });
    await this.#deps.directory.refresh();
    this.#deps.sessions.forgetCached();
    this.#deps.bus.announce(headOf(appended));
  }

  #toView(row: AccountRow): AccountView {
    return {
      id: row.id,
      kind: row.kind,
      name: row.name,
      config: toShownConfig({ config: row.config, secrets: this.#deps.secrets.open(row.id, row.secrets) }),
      teamIds: row.team_ids,
      address: row.address,
      webhookUrl: `${this.#deps.publicUrl()}/webhooks/${row.kind}/${row.id}`,
      rejected: row.rejected,
      lastRejectedAt: row.last_rejected_at,
      lastRejectReason: row.last_rejected_reason,
      lastEventAt: row.last_event_at,
      sendProblem: toSendProblem(row),
      createdAt: row.created_at,
    };
  }
}

function toAddress(connector: AnyConnector['connector'], stored: SplitConfig): string {
  return connector.displayAddress(parseAccountConfig(connector, { ...stored.config, ...stored.secrets }));
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one));
}

function notFound(family: Family): AppError {
  return new AppError('not-found', `There is no such ${family}.`);
}
