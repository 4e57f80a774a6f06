import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { FaultLab } from '../lab.ts';
import { DeskClient, DeskError } from './desk-client.ts';

export interface DemoLogin {
  email: string;
  name: string;
  password: string;
}

/** Ids of the demo's channel accounts. */
export interface DemoChannels {
  support: string;
  wholesale: string;
  chat: string;
}

export interface Connections {
  agents: DeskClient[];
  channels: DemoChannels;
  teams: { care: string; wholesale: string };
  storeId: string;
  shop: string;
}

const SHOP = 'tradewind-goods.myshopify.com';
const ACCOUNT_NAME = 'Tradewind Goods';
const mailAccounts = {
  support: { name: ACCOUNT_NAME, domain: 'mail.tradewind.example', mailbox: 'support' },
  wholesale: { name: 'Tradewind Wholesale', domain: 'b2b.tradewind.example', mailbox: 'wholesale' },
} as const;
const teamNames = { care: '客服 Care', wholesale: '企业采购 Wholesale' } as const;

const accountSchema = z.object({ id: z.string(), name: z.string(), kind: z.string(), webhookUrl: z.string() });
const agentSchema = z.object({ id: z.string(), name: z.string(), email: z.string() });
const ADMIN_NAME = 'Nina Brandt';
const teamSchema = z.object({ id: z.string(), name: z.string() });
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
async function connectAgent(
  admin: DeskClient,
  serverUrl: string,
  login: DemoLogin,
  teamIds: readonly string[],
): Promise<DeskClient> {
  const existing = await findInList(
    admin,
    '/api/agents',
    agentSchema,
    ({ email }) => email === login.email.toLowerCase(),
  );
  if (!existing) await admin.request(agentSchema, 'POST', '/api/agents', { ...login, role: 'agent', teamIds });
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

/** Who runs the desk is a person, unless somebody has given that person a name already. */
async function nameAdmin(admin: DeskClient): Promise<void> {
  const path = `/api/agents/${admin.agentId}`;
  const { name, email } = await admin.request(agentSchema, 'GET', path);
  if (name === email.split('@')[0]) await admin.request(agentSchema, 'PATCH', path, { name: ADMIN_NAME });
}

/** Found again by name, or made; either way it gets this run's secrets and the lab's address of today. */
async function connectAccount(
  admin: DeskClient,
  path: '/api/channels' | '/api/stores',
  account: { kind: string; name: string; config: object; teamIds?: readonly string[] },
) {
  const isIt = ({ name, kind }: { name: string; kind: string }) => name === account.name && kind === account.kind;
  const existing = await findInList(admin, path, accountSchema, isIt);
  if (!existing) return admin.request(accountSchema, 'POST', path, { teamIds: [], ...account });
  return admin.request(accountSchema, 'PATCH', `${path}/${existing.id}`, { config: account.config });
}

/** The path of the webhook address on the server as it is reached from here; its public address may lead through a proxy. */
function toLocalUrl(serverUrl: string, webhookUrl: string): string {
  return serverUrl + new URL(webhookUrl, serverUrl).pathname;
}

async function connectTeam(admin: DeskClient, name: string): Promise<string> {
  const existing = await findInList(admin, '/api/teams', teamSchema, (team) => team.name === name);
  return (existing ?? (await admin.request(teamSchema, 'POST', '/api/teams', { name }))).id;
}

async function connectMail(
  lab: FaultLab,
  admin: DeskClient,
  serverUrl: string,
  { name, domain, mailbox }: (typeof mailAccounts)[keyof typeof mailAccounts],
  teamIds: readonly string[],
): Promise<string> {
  const mail = { signingKey: createSecret(), apiKey: createSecret(), domain };
  const address = `${mailbox}@${domain}`;
  const { id, webhookUrl } = await connectAccount(admin, '/api/channels', {
    kind: 'mailgun',
    name,
    teamIds,
    config: { ...mail, fromAddress: `${name} <${address}>`, apiBaseUrl: `${lab.url}/mailgun` },
  });
  lab.mailgun.connect({ id, ...mail, address, webhookUrl: toLocalUrl(serverUrl, webhookUrl) });
  return id;
}

/** The lab's pages are the shop's site: by both names under which this machine may open them. */
async function connectChat(lab: FaultLab, admin: DeskClient, serverUrl: string): Promise<string> {
  const identitySecret = createSecret();
  const { id } = await connectAccount(admin, '/api/channels', {
    kind: 'web-chat',
    name: ACCOUNT_NAME,
    config: {
      allowedOrigins: [lab.url, lab.url.replace('127.0.0.1', 'localhost')],
      identitySecret,
      accentColor: '#9c4f2f',
      preChat: { name: 'optional', email: 'optional' },
    },
  });
  lab.webChat.connect({ id, serverUrl, identitySecret });
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

/** Makes sure that teams, agents, mail accounts, chat and store exist on the desk, and that the lab plays the platforms to them. */
export async function connectDemo(
  lab: FaultLab,
  admin: DeskClient,
  serverUrl: string,
  logins: readonly DemoLogin[],
): Promise<Connections> {
  const [care, wholesaleTeam] = await Promise.all([
    connectTeam(admin, teamNames.care),
    connectTeam(admin, teamNames.wholesale),
    nameAdmin(admin),
  ]);
  // The first two of the agents also sell wholesale; everybody else sees nothing of that mailbox.
  const teamsOf = (index: number) => (index < 2 ? [care, wholesaleTeam] : [care]);
  const [support, wholesale, chat, storeId, agents] = await Promise.all([
    connectMail(lab, admin, serverUrl, mailAccounts.support, []),
    connectMail(lab, admin, serverUrl, mailAccounts.wholesale, [wholesaleTeam]),
    connectChat(lab, admin, serverUrl),
    connectStore(lab, admin, serverUrl),
    Promise.all(logins.map((login, index) => connectAgent(admin, serverUrl, login, teamsOf(index)))),
  ]);
  return {
    agents,
    channels: { support, wholesale, chat },
    teams: { care, wholesale: wholesaleTeam },
    storeId,
    shop: SHOP,
  };
}
