import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { vi } from 'vitest';
import { findFreePort } from '../src/db/embedded/port.ts';

/** A proxy in front of a server, set up by our own example in `deploy/`, with names, ports and certificates of a test. */
export interface RunningProxy {
  /** `https://localhost:PORT` */
  url: string;
  /** Who signed its certificate. */
  ca: string;
  /** Where plain http is answered; null when the test leaves that to the proxy. */
  httpPort: number | null;
  stop(): Promise<void>;
}

export type ProxyName = 'caddy' | 'nginx';

export function isInstalled(name: ProxyName): boolean {
  return spawnSync(name, [name === 'caddy' ? 'version' : '-v']).status === 0;
}

/** @param port - where the proxy listens for https; known before the server is, which needs to know its address. */
export async function startProxy(
  name: ProxyName,
  folder: string,
  port: number,
  serverPort: number,
): Promise<RunningProxy> {
  return name === 'caddy' ? startCaddy(folder, port, serverPort) : startNginx(folder, port, serverPort);
}

function readExample(name: string, replacements: readonly [string, string][]): string {
  let text = readFileSync(new URL(`../../../deploy/${name}`, import.meta.url), 'utf8');
  for (const [from, to] of replacements) {
    if (!text.includes(from)) throw new Error(`deploy/${name} has no ${JSON.stringify(from)} any more`);
    text = text.replaceAll(from, to);
  }
  return text;
}

async function startCaddy(folder: string, port: number, serverPort: number): Promise<RunningProxy> {
  const site = readExample('Caddyfile', [
    ['desk.example.com {', `https://localhost:${port} {`],
    ['127.0.0.1:7373', `127.0.0.1:${serverPort}`],
  ]);
  const options = `{
	admin off
	auto_https disable_redirects
	default_bind 127.0.0.1
	skip_install_trust
	storage file_system ${folder}/caddy
}
`;
  writeFileSync(join(folder, 'Caddyfile'), `${options}${site}`);
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const child = spawn('caddy', ['run', '--config', join(folder, 'Caddyfile')], { env, stdio: 'ignore' });
  const root = join(folder, 'caddy', 'pki', 'authorities', 'local', 'root.crt');
  const ca = await vi.waitFor(() => readFileSync(root, 'utf8'));
  await waitForPort(port);
  return { url: `https://localhost:${port}`, ca, httpPort: null, stop: () => end(child) };
}

async function startNginx(folder: string, port: number, serverPort: number): Promise<RunningProxy> {
  const httpPort = await findFreePort();
  const certificate = join(folder, 'cert.pem');
  const key = join(folder, 'key.pem');
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync('openssl', [...request, ...name, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  const site = readExample('nginx.conf', [
    ['    listen [::]:80;\n', ''],
    ['    listen [::]:443 ssl http2;\n', ''],
    ['listen 80;', `listen 127.0.0.1:${httpPort};`],
    ['listen 443 ', `listen 127.0.0.1:${port} `],
    ['server_name desk.example.com', 'server_name localhost'],
    ['/etc/letsencrypt/live/desk.example.com/fullchain.pem', certificate],
    ['/etc/letsencrypt/live/desk.example.com/privkey.pem', key],
    ['127.0.0.1:7373', `127.0.0.1:${serverPort}`],
  ]);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  mkdirSync(join(folder, 'nginx'));
  const paths = temporary.map((kind) => `${kind}_temp_path ${folder}/nginx/${kind};`).join('\n');
  const main = `daemon off;\npid ${folder}/nginx/pid;\nerror_log ${folder}/nginx/error.log;\nevents {}\nhttp {\naccess_log off;\n${paths}\n${site}}\n`;
  writeFileSync(join(folder, 'nginx.conf'), main);
  const child = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
  await waitForPort(port);
  return { url: `https://localhost:${port}`, ca: readFileSync(certificate, 'utf8'), httpPort, stop: () => end(child) };
}

async function waitForPort(port: number): Promise<void> {
  await vi.waitFor(async () => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.destroy();
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await exited;
  clearTimeout(timer);
}
