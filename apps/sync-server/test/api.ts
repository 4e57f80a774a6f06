import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createUuidV7 } from '@tradewind/shared/ids';
import { AccountDirectory } from '../src/accounts/account-directory.ts';
import { AccountService } from '../src/accounts/account-service.ts';
import { ConnectorCatalog } from '../src/accounts/connectors.ts';
import { DeskMail } from '../src/accounts/desk-mail.ts';
import { createPeople, type People } from '../src/accounts/people.ts';
import { SecretBox } from '../src/accounts/secret-box.ts';
import { TeamService } from '../src/accounts/team-service.ts';
import { prepareDesk } from '../src/auth/bootstrap.ts';
import { hashPassword } from '../src/auth/password.ts';
import { SessionStore } from '../src/auth/session-store.ts';
import { channelConnectors } from '../src/channels/registry.ts';
import type { Db } from '../src/db/database.ts';
import { latestVersion } from '../src/db/migrate.ts';
import { FileStore } from '../src/files/file-store.ts';
import { type AppDeps, createApp } from '../src/http/app.ts';
import { createLogger } from '../src/observability/logger.ts';
import { createMetrics } from '../src/observability/metrics.ts';
import { findUnreadiness } from '../src/observability/readiness.ts';
import { storeConnectors } from '../src/orders/registry.ts';
import { ChangeBus } from '../src/replication/change-log.ts';
import { createTestDatabase } from './database.ts';

export interface Answer {
  status: number;
  headers: Headers;
  // Answers are asserted on field by field; a type for each would only repeat the schemas under test.
  // biome-ignore lint/suspicious/noExplicitAny: as above
  body: any;
  text: string;
}

export interface CallOptions {
  token?: string;
  /** Sent as JSON unless it is a string or bytes. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** The HTTP API over a real database, with an admin and two agents; `team-a` is Ana's team. */
export interface TestApi {
  url: string;
  db: Db;
  people: People;
  /** What another server on the same database has of its own. */
  createNode(): People;
  /** What the first admin of an empty desk is made with. */
  setupCode: string | null;
  sessions: SessionStore;
  accounts: AccountDirectory;
  /** Everything logged so far. */
  logged(): string;
  clock: { now: number };
  tokens: { admin: string; ana: string; ben: string };
  woken: { accountId: string; lane: number }[];
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** Another agent, with `PASSWORD` and a session, without the cost of hashing. */
  addAgent(name: string): Promise<{ id: string; email: string; token: string }>;
  close(): Promise<void>;
}

export const PASSWORD = 'correct horse battery';

/** @param options - `empty`: a desk without anybody; the tokens are empty too. */
export async function startTestApi(
  overrides: Partial<Pick<AppDeps, 'config' | 'consoleDir'>> = {},
  options: { empty?: boolean } = {},
): Promise<TestApi> {
  const database = await createTestDatabase();
  const { db, pool } = database;
  const dataDir = await mkdtemp(join(tmpdir(), 'tradewind-api-'));
  const lines: string[] = [];
  const log = createLogger('debug', { write: (line) => lines.push(line) });
  const clock = { now: 1_800_000_000_000 };
  const now = () => clock.now;
  const sessions = new SessionStore(db, now);
  const secrets = new SecretBox(createHash('sha256').update('test').digest());
  const connectors = new ConnectorCatalog(channelConnectors, storeConnectors);
  const directory = new AccountDirectory({ db, connectors, secrets, log, strictEgress: false });
  await directory.start();
  const bus = new ChangeBus();
  const woken: { accountId: string; lane: number }[] = [];
  const files = await FileStore.open(dataDir);
  const neededVersion = await latestVersion();
  const publicUrl = () => 'https://desk.example.com';
  const mail = new DeskMail({ db, accounts: directory, log, now, retryDelaysMs: [1, 1] });
  const createNode = (own: SessionStore) =>
    createPeople({ db, bus, now, sessions: own, secrets, mail, log, publicUrl });
  const people = createNode(sessions);
  const app = createApp({
    config: { publicUrl: publicUrl(), trustProxy: false },
    version: '1.2.3',
    db,
    log,
    metrics: createMetrics(),
    people,
    accounts: new AccountService({
      db,
      connectors,
      secrets,
      directory,
      sessions,
      bus,
      now,
      publicUrl,
    }),
    teams: new TeamService({ db, bus, now }),
    files,
    now,
    wakeProcessing: (accountId, lane) => woken.push({ accountId, lane }),
    findUnreadiness: () => findUnreadiness(pool, neededVersion),
    consoleDir: join(dataDir, 'no-console'),
    routes: [],
    routers: [],
    ...overrides,
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  if (!options.empty) await seedPeople(db);
  const desk = await prepareDesk(db, { mode: 'desk', keyFingerprint: 'test', admin: null, now });
  const tokenOf = (agentId: string) => (options.empty ? '' : createSession(db, sessions, agentId));
  return {
    url,
    db,
    people,
    createNode: () => createNode(new SessionStore(db, now)),
    setupCode: desk.setupCode,
    sessions,
    accounts: directory,
    logged: () => lines.join(''),
    clock,
    tokens: {
      admin: await tokenOf('admin'),
      ana: await tokenOf('ana'),
      ben: await tokenOf('ben'),
    },
    woken,
    call: (method, path, options = {}) => call(url, method, path, options),
    addAgent: async (name) => {
      const [known] = await db.selectFrom('agents').selectAll().where('id', '=', 'ana').execute();
      const row = { id: name, email: `${name}@example.com`, name, role: 'agent' as const, created_at: 1 };
      await db
        .insertInto('agents')
        .values({ ...row, password_hash: known?.password_hash ?? '' })
        .execute();
      return { id: name, email: row.email, token: await createSession(db, sessions, name) };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await people.resets.settled();
      await mail.stop();
      await directory.close();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function seedPeople(db: Db): Promise<void> {
  const password_hash = await hashPassword(PASSWORD);
  await db
    .insertInto('teams')
    .values([
      { id: 'team-a', name: 'A', created_at: 1 },
      { id: 'team-b', name: 'B', created_at: 1 },
    ])
    .execute();
  const person = (id: string, role: 'admin' | 'agent', team_ids: string[]) => ({
    id,
    email: `${id}@example.com`,
    name: id,
    role,
    team_ids,
    password_hash,
    created_at: 1,
  });
  await db
    .insertInto('agents')
    .values([person('admin', 'admin', []), person('ana', 'agent', ['team-a']), person('ben', 'agent', ['team-b'])])
    .execute();
}

/** A session without the cost of a login. */
async function createSession(db: Db, sessions: SessionStore, agentId: string): Promise<string> {
  const client = { address: '127.0.0.1', userAgent: 'test' };
  return (await db.transaction().execute((tx) => sessions.create(tx, agentId, client))).token;
}

async function call(url: string, method: string, path: string, options: CallOptions): Promise<Answer> {
  const { body, token } = options;
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(body === undefined || isRaw ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...options.headers,
    },
    ...(body === undefined ? {} : { body: isRaw ? (body as string | Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isFile = response.headers.has('content-disposition');
  const isJson = !isFile && /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : null, text };
}

/** Makes an id that sorts by its number. */
export function idOf(number: number): string {
  return createUuidV7(1_700_000_000_000 + number);
}
