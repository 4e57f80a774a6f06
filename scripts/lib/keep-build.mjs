import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, runMain } from './programs.mjs';

/**
 * Keeps this version's server and console for later ones to be tested against (docs/protocol.md, Versions): run it on the
 * last commit of a protocol version, before PROTOCOL_VERSION is raised. Our own code is bundled; libraries are those that
 * are installed when the test runs.
 */
const version = /PROTOCOL_VERSION = (\d+)/.exec(
  readFileSync(join(ROOT, 'packages/shared/src/protocol/version.ts'), 'utf8'),
)?.[1];

const CONSOLE_ENTRY = `
export { startDesk } from './src/renderer/desk/desk-runtime.ts';
export { createHttpTransport } from './src/renderer/replication/http-transport.ts';
`;

// A process of its own: arguments are data folder and database; it says where it listens, and ends with its parent.
const SERVER_ENTRY = `
import { parseConfig } from './src/config/config.ts';
import { startServer } from './src/main.ts';
import { createLogger } from './src/observability/logger.ts';
const [dataDir, databaseUrl] = process.argv.slice(2);
const variables = {
  TRADEWIND_ADMIN_EMAIL: 'admin@shop.example',
  TRADEWIND_ADMIN_PASSWORD: 'a long enough password',
  TRADEWIND_DATA: dataDir,
};
const config = { ...parseConfig(variables, ['--no-demo', '--headless']), port: 0 };
const server = await startServer(config, { databaseUrl, dataDir, log: createLogger('error') });
process.send({ port: server.port });
process.on('disconnect', () => void server.close().then(() => process.exit(0)));
`;

await runMain(async () => {
  await keep('apps/desktop', 'console.mjs', CONSOLE_ENTRY);
  const server = await keep('apps/sync-server', 'server.mjs', SERVER_ENTRY);
  cpSync(join(ROOT, 'apps/sync-server/src/db/migrations'), join(server, 'migrations'), { recursive: true });
  process.stdout.write(`kept server and console of protocol version ${version}\n`);
  return 0;
});

/** @returns the folder it lies in. */
async function keep(app, name, code) {
  // Vite's own bundler: the only one this project has.
  const require = createRequire(createRequire(join(ROOT, 'apps/desktop/package.json')).resolve('vite'));
  const { build } = await import(pathToFileURL(require.resolve('rolldown')).href);
  const folder = join(ROOT, app, 'test/kept', `protocol-${version}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const entry = join(ROOT, app, 'kept-entry.ts');
  writeFileSync(entry, code);
  try {
    await build({
      input: entry,
      platform: 'node',
      external: (id) => !/^([./]|@tradewind\/)/.test(id),
      output: { file: join(folder, name), format: 'esm', codeSplitting: false },
    });
  } finally {
    rmSync(entry);
  }
  return folder;
}
