import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Child, startChild } from '../../../desktop/e2e/support/child.ts';
import { requestJson } from '../../../desktop/e2e/support/http.ts';
import { Agent } from './agent.ts';
import { startSite } from './site.ts';

const SERVER = fileURLToPath(new URL('../../../sync-server/src/launch/index.ts', import.meta.url));
const ADMIN = { email: 'admin@shop.example', password: 'a-long-test-password' };
const MEI = { email: 'mei@shop.example', name: 'Mei Lin', password: 'mei-has-a-password' };

/** The desk with PostgreSQL, and a site of another origin that has the chat in its pages. */
export interface Stand {
  url: string;
  /** Origin of the site. */
  site: string;
  /** Mei Lin, who answers. */
  agent: Agent;
  /** Connects a chat of its own; one for each story keeps them apart. */
  createChat(config?: object, name?: string): Promise<string>;
  changeChat(id: string, config: object): Promise<void>;
  stopServer(): Promise<void>;
  startServer(): Promise<void>;
  close(): Promise<void>;
}

function startServer(folder: string, port: string): Promise<Child> {
  return startChild(
    SERVER,
    ['--headless', '--no-demo', '--port', port, '--data', folder],
    { TRADEWIND_ADMIN_EMAIL: ADMIN.email, TRADEWIND_ADMIN_PASSWORD: ADMIN.password },
    /Console\s+(http:\/\/\S+)/,
  );
}

async function logIn(url: string, login: { email: string; password: string }): Promise<Agent> {
  const { email, password } = login;
  const { token } = await requestJson<{ token: string }>(`${url}/api/auth/login`, { body: { email, password } });
  return new Agent(url, token);
}

export async function startStand(): Promise<Stand> {
  const folder = await mkdtemp(join(tmpdir(), 'tradewind-chat-'));
  await chmod(folder, 0o755); // PostgreSQL runs as another user where the tests run as root
  const data = join(folder, 'data');
  let server = await startServer(data, '0');
  const url = server.ready.replace(/\/$/, '');
  const site = await startSite(() => url);
  const admin = await logIn(url, ADMIN);
  await admin.post('/api/agents', { ...MEI, role: 'agent', teamIds: [] });
  return {
    url,
    site: site.origin,
    agent: await logIn(url, MEI),
    async createChat(config = {}, name = 'Lantern & Loom') {
      const body = { kind: 'web-chat', name, teamIds: [], config: { allowedOrigins: [site.origin], ...config } };
      return (await admin.post<{ id: string }>('/api/channels', body)).id;
    },
    async changeChat(id, config) {
      await requestJson(`${url}/api/channels/${id}`, { method: 'PATCH', token: admin.token, body: { config } });
    },
    stopServer: () => server.stop(),
    async startServer() {
      server = await startServer(data, new URL(url).port);
    },
    async close() {
      await site.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
