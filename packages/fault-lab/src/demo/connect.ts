import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { FaultLab } from '../lab.ts';
import { DeskClient, DeskError } from './desk-client.ts';

export interface DemoLogin {
  email: string;
  name: string;
  password: string;
}

export interface Connections {
  agents: DeskClient[];
  channelId: string;
  storeId: string;
  shop: string;
}

const DOMAIN = 'mail.tradewind.example';
const SHOP = 'tradewind-goods.myshopify.com';
const ACCOUNT_NAME = 'Tradewind Goods';

const accountSchema = z.object({ id: z.string(), name: z.string(), webhookUrl: z.string() });
const agentSchema = z.object({ id: z.string(), email: z.string() });
const createSecret = (): string => randomBytes(24).toString('base64url');

function pageOf<TSchema extends z.ZodType>(item: TSchema) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

async function findInList<TSchema extends z.ZodType>(
  admin: DeskClient,
  path: string,
  schema: TSchema,
  isIt: (item: z.output<TSchema>) => boolean,
): Promise<z.output<TSchema> | null> {
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ limit: '200', ...(cursor === null ? {} : { cursor }) });
    const page: { items: z.output<TSchema>[]; nextCursor: string | null } = await admin.request(
      pageOf(schema),
      'GET',
      `${path}?${query}`,
    );
    const found = page.items.find(isIt);
    if (found !== undefined) return found;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return null;
}

/** The password told at the start always opens the demo, also after somebody has tried out changing it. */
async function connectAgent(admin: DeskClient, serverUrl: string, login: DemoLogin): Promise<DeskClient> {
  const existing = await findInList(
    admin,
    '/api/agents',
    agentSchema,
    ({ email }) => email === login.email.toLowerCase(),
  );
  if (!existing) await admin.request(agentSchema, 'POST', '/api/agents', { ...login, role: 'agent', teamIds: [] });
  try {
    return await DeskClient.login(serverUrl, login.email, login.password);
  } catch (error) {
    if (!existing || !(error instanceof DeskError) || error.status !== 401) throw error;
    await admin.request(agentSchema, 'PATCH', `/api/agents/${existing.id}`, {
      password: login.password,
      disabled: false,
    });
    return DeskClient.login(serverUrl, login.email, login.password);
  }
}

/** Found again by name, or made; either way it gets this run's secrets and the lab's address of today. */
async function connectAccount(
  admin: DeskClient,
  path: '/api/channels' | '/api/stores',
  account: { kind: string; name: string; config: object },
) {
  const existing = await findInList(admin, path, accountSchema, ({ name }) => name === account.name);
  if (!existing) return admin.request(accountSchema, 'POST', path, { ...account, teamIds: [] });
  return admin.request(accountSchema, 'PATCH', `${path}/${existing.id}`, { config: account.config });
}

/** The path of the webhook address on the server as it is reached from here; its public address may lead through a proxy. */
function toLocalUrl(serverUrl: string, webhookUrl: string): string {
  return serverUrl + new URL(webhookUrl, serverUrl).pathname;
}

async function connectMail(lab: FaultLab, admin: DeskClient, serverUrl: string): Promise<string> {
  const mail = { signingKey: createSecret(), apiKey: createSecret(), domain: DOMAIN };
  const { id, webhookUrl } = await connectAccount(admin, '/api/channels', {
    kind: 'mailgun',
    name: ACCOUNT_NAME,
    config: { ...mail, fromAddress: `${ACCOUNT_NAME} <support@${DOMAIN}>`, apiBaseUrl: `${lab.url}/mailgun` },
  });
  lab.mailgun.connect({ id, ...mail, webhookUrl: toLocalUrl(serverUrl, webhookUrl) });
  return id;
}

async function connectStore(lab: FaultLab, admin: DeskClient, serverUrl: string): Promise<string> {
  const store = { clientSecret: createSecret(), accessToken: createSecret(), shop: SHOP };
  const { id, webhookUrl } = await connectAccount(admin, '/api/stores', {
    kind: 'shopify',
    name: ACCOUNT_NAME,
    config: { ...store, apiBaseUrl: `${lab.url}/shopify` },
  });
  lab.shopify.connect({ id, ...store, webhookUrl: toLocalUrl(serverUrl, webhookUrl) });
  return id;
}

/** Makes sure that agents, mail account and store exist on the desk, and that the lab plays the platforms to them. */
export async function connectDemo(
  lab: FaultLab,
  admin: DeskClient,
  serverUrl: string,
  logins: readonly DemoLogin[],
): Promise<Connections> {
  const [channelId, storeId, agents] = await Promise.all([
    connectMail(lab, admin, serverUrl),
    connectStore(lab, admin, serverUrl),
    Promise.all(logins.map((login) => connectAgent(admin, serverUrl, login))),
  ]);
  return { agents, channelId, storeId, shop: SHOP };
}
