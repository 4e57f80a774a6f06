import { fileURLToPath } from 'node:url';
import { startChild } from './child.ts';
import { requestJson } from './http.ts';
import { Lab } from './lab.ts';
import { startServer } from './server.ts';

const FAULT_LAB = fileURLToPath(new URL('../../../../packages/fault-lab/src/cli.ts', import.meta.url));
const ADMIN = { name: 'admin', email: 'admin@shop.example', password: 'a-long-test-password' };
const DOMAIN = 'mail.shop.example';
const SHOP = 'lantern.myshopify.com';
const SITE = 'https://www.lantern.example';

export interface AgentLogin {
  name: string;
  email: string;
  password: string;
}

/** The whole product, running: server with PostgreSQL, and the lab connected to it as Mailgun, Shopify and visitors of the site. */
export interface Stand {
  url: string;
  lab: Lab;
  agents: { lin: AgentLogin; maya: AgentLogin };
  admin: AgentLogin;
  /** Makes an agent of its own for a test that changes one. */
  hire(name: string): Promise<AgentLogin & { id: string }>;
  close(): Promise<void>;
}

interface Account {
  id: string;
  webhookUrl: string;
}

async function connectAccounts(url: string, labUrl: string, token: string): Promise<void> {
  const mail = { signingKey: 'mail-signing-key', apiKey: 'mail-api-key', domain: DOMAIN };
  const channel = await requestJson<Account>(`${url}/api/channels`, {
    token,
    body: {
      kind: 'mailgun',
      name: 'Support mail',
      teamIds: [],
      config: { ...mail, fromAddress: `Lantern & Loom <support@${DOMAIN}>`, apiBaseUrl: `${labUrl}/mailgun` },
    },
  });
  await requestJson(`${labUrl}/lab/mailgun/accounts`, {
    body: { id: channel.id, ...mail, webhookUrl: channel.webhookUrl },
  });
  const shop = { clientSecret: 'shop-client-secret', accessToken: 'shop-access-token', shop: SHOP };
  const store = await requestJson<Account>(`${url}/api/stores`, {
    token,
    body: {
      kind: 'shopify',
      name: 'Lantern & Loom',
      teamIds: [],
      config: { ...shop, apiBaseUrl: `${labUrl}/shopify` },
    },
  });
  await requestJson(`${labUrl}/lab/shopify/stores`, { body: { id: store.id, ...shop, webhookUrl: store.webhookUrl } });
  const chat = await requestJson<Account>(`${url}/api/channels`, {
    token,
    body: { kind: 'web-chat', name: 'Website', teamIds: [], config: { allowedOrigins: [SITE] } },
  });
  await requestJson(`${labUrl}/lab/web-chat/accounts`, { body: { id: chat.id, serverUrl: url, origin: SITE } });
}

export async function startStand(): Promise<Stand> {
  const [server, lab] = await Promise.all([
    startServer({ TRADEWIND_ADMIN_EMAIL: ADMIN.email, TRADEWIND_ADMIN_PASSWORD: ADMIN.password }),
    startChild(FAULT_LAB, ['--port', '0'], {}, /Fault lab: (http:\/\/\S+)/),
  ]);
  const { url } = server;
  const { token } = await requestJson<{ token: string }>(`${url}/api/auth/login`, {
    body: { email: ADMIN.email, password: ADMIN.password },
  });
  await connectAccounts(url, lab.ready, token);
  const agents = {
    lin: { name: '林晓', email: 'lin@shop.example', password: 'lin-has-a-password' },
    maya: { name: 'Maya Okafor', email: 'maya@shop.example', password: 'maya-has-a-password' },
  };
  const addAgent = (agent: AgentLogin) =>
    requestJson<{ id: string }>(`${url}/api/agents`, { token, body: { ...agent, role: 'agent', teamIds: [] } });
  for (const agent of Object.values(agents)) await addAgent(agent);
  return {
    url,
    lab: new Lab(lab.ready),
    agents,
    admin: ADMIN,
    async hire(name) {
      const agent = { name, email: `${name.toLowerCase()}@shop.example`, password: `${name}-has-a-password` };
      return { ...agent, id: (await addAgent(agent)).id };
    },
    async close() {
      await server.close();
      await lab.stop();
    },
  };
}
