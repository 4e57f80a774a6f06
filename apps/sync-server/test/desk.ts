import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FaultLab, startFaultLab } from '@tradewind/fault-lab/lab';
import { createUuidV7 } from '@tradewind/shared/ids';
import type { CommandResult } from '@tradewind/shared/protocol/commands';
import { type Logger, pino } from 'pino';
import { parseConfig } from '../src/config/config.ts';
import { type RunningServer, startServer } from '../src/main.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

export interface Api {
  token: string;
  agentId: string;
  /** Any request; the answer's status and JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }>;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  get(path: string): Promise<any>;
  /** Sends one command; id and time are added. */
  command(fields: Record<string, unknown>): Promise<CommandResult>;
}

/** The fault lab as platforms, an admin and two agents. */
export interface FurnishedDesk {
  lab: FaultLab;
  admin: Api;
  mei: Api;
  sam: Api;
  channelId: string;
  storeId: string;
}

/** A whole desk under test: real server, real PostgreSQL, and what `furnishDesk` puts into it. */
export interface TestDesk extends FurnishedDesk {
  url: string;
  dataDir: string;
  database: TestDatabase;
  /** Logs in anybody who was made with the desk's one password. */
  logIn(email: string): Promise<Api>;
  server: RunningServer;
  close(): Promise<void>;
}

const PASSWORD = 'a long enough password';

export async function startTestDesk(
  options: { sendTimeoutMs?: number; now?: () => number; log?: Logger } = {},
): Promise<TestDesk> {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'tradewind-test-'));
  const flags = ['--no-demo', '--headless', '--port', '0'];
  const variables = {
    TRADEWIND_ADMIN_EMAIL: 'admin@shop.example',
    TRADEWIND_ADMIN_PASSWORD: PASSWORD,
    TRADEWIND_DATA: dataDir,
  };
  // Port 0 is for tests; people choose one.
  const config = { ...parseConfig(variables, flags.slice(0, 2)), port: 0 };
  const server = await startServer(config, {
    databaseUrl: database.connectionString,
    dataDir,
    log: pino({ level: 'silent' }),
    ...options,
  });
  const people = await furnishDesk(server.address);
  return {
    url: server.address,
    dataDir,
    database,
    ...people,
    logIn: (email) => logIn(server.address, email),
    server,
    close: async () => {
      await people.lab.close();
      await server.close();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Two agents, a mailbox and a shop for an empty desk, of whatever version its server is; the fault lab plays both platforms. */
export async function furnishDesk(url: string): Promise<FurnishedDesk> {
  const lab = await startFaultLab();
  const admin = await logIn(url, 'admin@shop.example');
  for (const name of ['Mei', 'Sam']) {
    const email = `${name.toLowerCase()}@shop.example`;
    await admin.call('POST', '/api/agents', { email, name, password: PASSWORD, role: 'agent', teamIds: [] });
  }
  const channel = await admin.call('POST', '/api/channels', {
    kind: 'mailgun',
    name: 'Support',
    teamIds: [],
    config: {
      signingKey: 'test-signing-key',
      apiKey: 'test-api-key',
      domain: 'shop.example',
      fromAddress: 'support@shop.example',
      apiBaseUrl: `${lab.url}/mailgun`,
    },
  });
  const store = await admin.call('POST', '/api/stores', {
    kind: 'shopify',
    name: 'Shop',
    teamIds: [],
    config: {
      clientSecret: 'test-client-secret',
      shop: 'test.myshopify.com',
      accessToken: 'test-token',
      apiBaseUrl: `${lab.url}/shopify`,
    },
  });
  if (channel.status !== 201 || store.status !== 201) throw new Error(JSON.stringify([channel, store]));
  lab.mailgun.connect({
    domain: 'shop.example',
    apiKey: 'test-api-key',
    signingKey: 'test-signing-key',
    webhookUrl: channel.body.webhookUrl,
    address: 'support@shop.example',
  });
  lab.shopify.connect({
    shop: 'test.myshopify.com',
    clientSecret: 'test-client-secret',
    accessToken: 'test-token',
    webhookUrl: store.body.webhookUrl,
  });
  return {
    lab,
    admin,
    mei: await logIn(url, 'mei@shop.example'),
    sam: await logIn(url, 'sam@shop.example'),
    channelId: channel.body.id,
    storeId: store.body.id,
  };
}

async function logIn(url: string, email: string): Promise<Api> {
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  };
  let token = '';
  const login = await call('POST', '/api/auth/login', { email, password: PASSWORD });
  token = login.body.token;
  return {
    token,
    agentId: login.body.agent.id,
    call,
    get: async (path) => {
      const { status, body } = await call('GET', path);
      if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
      return body;
    },
    command: async (fields) => {
      const { body } = await call('POST', '/api/commands', {
        commands: [{ id: createUuidV7(), at: Date.now(), ...fields }],
      });
      return body.results[0];
    },
  };
}
