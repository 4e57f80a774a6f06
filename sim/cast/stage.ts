import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { parseConfig } from '../../apps/sync-server/src/config/config.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../apps/sync-server/src/db/embedded/supervisor.ts';
import { plantIn } from '../loader/plant.ts';
import type { SourceEdit } from '../mutants/mutant.ts';
import { WORLD_STARTS_AT, World } from '../world/world.ts';
import { callApi } from './api.ts';
import { log } from './log.ts';
import { ServerNode } from './node.ts';

const ROOM_NEEDED_BYTES = 3 * 1024 ** 3;
const PASSWORD = 'a long enough password';
export const MAIL_KEY = 'simulated-signing-key';
export const CHAT_SECRET = 'simulated-identity-secret';
export const SHOP_SECRET = 'simulated-client-secret';
export const SHOP_DOMAIN = 'sim.myshopify.com';

export interface StageAgent {
  id: string;
  name: string;
  email: string;
  role: 'admin' | 'agent';
  /** As the seed begins. */
  teamIds: string[];
}

/** One console: whose it is, and its session. */
export interface StageDevice {
  agent: StageAgent;
  token: string;
}

export interface StageAccount {
  id: string;
  kind: 'mailgun' | 'web-chat' | 'shopify';
  address: string;
  teamIds: string[];
}

/** What is there when a seed begins: a desk with two teams, four agents on five devices, four accounts. */
export interface StageFacts {
  agents: StageAgent[];
  devices: StageDevice[];
  accounts: StageAccount[];
  teamIds: string[];
  adminToken: string;
}

/** PostgreSQL with the furnished desk, of which every seed gets a copy. */
export class Stage {
  readonly facts: StageFacts;
  readonly dataDir: string;
  readonly #postgres: EmbeddedPostgres;
  readonly #admin: pg.Client;
  readonly #secretKey: string;

  constructor(parts: {
    facts: StageFacts;
    dataDir: string;
    postgres: EmbeddedPostgres;
    admin: pg.Client;
    secretKey: string;
  }) {
    this.facts = parts.facts;
    this.dataDir = parts.dataDir;
    this.#postgres = parts.postgres;
    this.#admin = parts.admin;
    this.#secretKey = parts.secretKey;
  }

  get config() {
    return { ...buildConfig(this.dataDir, this.#secretKey), admin: null };
  }

  /** A database of its own for one run. */
  async createDesk(name: string): Promise<string> {
    await this.#admin.query(`create database ${name} template sim_template strategy wal_log`);
    return urlOf(this.#postgres.connectionString, name);
  }

  async dropDesk(name: string): Promise<void> {
    await this.#admin.query(`drop database if exists ${name} with (force)`);
  }

  async close(): Promise<void> {
    await this.#admin.end();
    await this.#postgres.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

/** @param edits - those of migrations are planted into the database. */
export async function openStage(edits: readonly SourceEdit[]): Promise<Stage> {
  const dataDir = await mkdtemp(join(await findQuickFolder(), 'tradewind-sim-'));
  await chmod(dataDir, 0o711); // PostgreSQL runs as another user where we are root
  const postgres = await startEmbeddedPostgres({ dataDir: join(dataDir, 'pg'), log, onProgress: () => undefined });
  const admin = new pg.Client({ connectionString: postgres.connectionString });
  await admin.connect();
  // It would come when it likes, and take locks, and change plans.
  await admin.query('alter system set autovacuum = off');
  await admin.query('select pg_reload_conf()');
  await admin.query('create database sim_template');
  const databaseUrl = urlOf(postgres.connectionString, 'sim_template');
  const secretKey = randomBytes(32).toString('base64');
  const world = new World(databaseUrl, WORLD_STARTS_AT - 3_600_000);
  const node = new ServerNode(world, 'set-up', 1, { config: buildConfig(dataDir, secretKey), databaseUrl, dataDir });
  const random = () => 0; // one after the other: every stage is the same
  const server = await world.drive(node.server, random);
  const facts = await world.drive(furnish(world), random);
  await world.drive(server.close(), random);
  for (const edit of edits.filter(({ file }) => file.endsWith('.sql'))) {
    await plantInDatabase(await world.connections.observer(), edit);
  }
  await world.close();
  return new Stage({ facts, dataDir, postgres, admin, secretKey });
}

/** In memory where there is room: nothing here must outlive the power. */
async function findQuickFolder(): Promise<string> {
  const inMemory = '/dev/shm';
  const { bavail, bsize } = await statfs(inMemory).catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize > ROOM_NEEDED_BYTES ? inMemory : tmpdir();
}

function buildConfig(dataDir: string, secretKey: string) {
  const variables = {
    TRADEWIND_ADMIN_EMAIL: 'ada@shop.example',
    TRADEWIND_ADMIN_PASSWORD: PASSWORD,
    TRADEWIND_DATA: dataDir,
    TRADEWIND_SECRET_KEY: secretKey,
  };
  return parseConfig(variables, ['--no-demo', '--headless']);
}

async function furnish(world: World): Promise<StageFacts> {
  const logIn = async (email: string) =>
    callApi(world, '', 'POST', '/api/auth/login', { email, password: PASSWORD }) as Promise<{
      token: string;
      agent: { id: string; name: string };
    }>;
  const { token: adminToken, agent: ada } = await logIn('ada@shop.example');
  const make = async <T = { id: string }>(path: string, body: unknown) =>
    (await callApi(world, adminToken, 'POST', path, body)) as T;
  const teamIds: string[] = [];
  for (const name of ['Amber', 'Blue']) teamIds.push((await make('/api/teams', { name })).id);
  const [amber = '', blue = ''] = teamIds;
  const agents: StageAgent[] = [{ id: ada.id, name: ada.name, email: 'ada@shop.example', role: 'admin', teamIds: [] }];
  const given: [string, string[]][] = [
    ['Ana', [amber]],
    ['Ben', [blue]],
    ['Cleo', [amber, blue]],
  ];
  for (const [name, teams] of given) {
    const email = `${name.toLowerCase()}@shop.example`;
    const { id } = await make('/api/agents', { email, name, password: PASSWORD, role: 'agent', teamIds: teams });
    agents.push({ id, name, email, role: 'agent', teamIds: teams });
  }
  const mail = async (name: string, teams: string[]): Promise<StageAccount> => {
    const address = `${name.toLowerCase()}@shop.example`;
    const config = {
      signingKey: MAIL_KEY,
      apiKey: 'simulated-api-key',
      domain: 'shop.example',
      fromAddress: address,
      apiBaseUrl: 'http://127.0.0.1:9/mailgun',
    };
    const { id } = await make('/api/channels', { kind: 'mailgun', name, teamIds: teams, config });
    return { id, kind: 'mailgun', address, teamIds: teams };
  };
  const chatConfig = { allowedOrigins: ['https://shop.example'], identitySecret: CHAT_SECRET };
  const chat = await make('/api/channels', { kind: 'web-chat', name: 'Chat', teamIds: [blue], config: chatConfig });
  const shopConfig = {
    clientSecret: SHOP_SECRET,
    shop: SHOP_DOMAIN,
    accessToken: 'simulated-token',
    apiBaseUrl: 'http://127.0.0.1:9/shopify',
  };
  const shop = await make('/api/stores', { kind: 'shopify', name: 'Shop', teamIds: [amber], config: shopConfig });
  const accounts: StageAccount[] = [
    await mail('Support', []),
    await mail('Vip', [amber]),
    { id: chat.id, kind: 'web-chat', address: 'https://shop.example', teamIds: [blue] },
    { id: shop.id, kind: 'shopify', address: SHOP_DOMAIN, teamIds: [amber] },
  ];
  const devices: StageDevice[] = [];
  // Ana has two devices.
  for (const agent of [...agents, ...agents.filter(({ name }) => name === 'Ana')]) {
    devices.push({ agent, token: (await logIn(agent.email)).token });
  }
  return { agents, devices, accounts, teamIds, adminToken };
}

/** Changes the function that a migration made. */
async function plantInDatabase(client: pg.Client, edit: SourceEdit): Promise<void> {
  const { rows } = await client.query<{ definition: string }>(
    `select pg_get_functiondef(p.oid) as definition from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname = 'public' and p.prokind = 'f'`,
  );
  const holders = rows.filter(({ definition }) => definition.includes(edit.find));
  const [holder] = holders;
  if (!holder || holders.length > 1) {
    throw new Error(`a mutant needs its piece in exactly one function of the database: ${edit.find}`);
  }
  await client.query(plantIn(holder.definition, edit));
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}
