import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashSources, readStamp } from './lib/hash.mjs';
import { ROOT, run, runBin, SetupError } from './lib/programs.mjs';

const PNPM = 'pnpm@12.21.0';
const CONSOLE = join(ROOT, 'apps', 'desktop');
const INSTALL_STAMP = join(ROOT, 'node_modules', '.tradewind-installed');
const CONSOLE_STAMP = join(CONSOLE, 'dist', '.tradewind-sources');

/** Installs the dependencies of the lockfile; returns at once when they are there. */
export async function install() {
  const manifests = ['apps', 'packages'].flatMap((folder) =>
    readdirSync(join(ROOT, folder)).map((name) => join(ROOT, folder, name, 'package.json')),
  );
  const wanted = `${process.platform}-${process.arch} ${hashSources([
    join(ROOT, 'pnpm-lock.yaml'),
    join(ROOT, 'pnpm-workspace.yaml'),
    join(ROOT, 'package.json'),
    ...manifests,
  ])}`;
  if (readStamp(INSTALL_STAMP) === wanted) return;
  say('Installing the dependencies (the first time takes a minute or two)');
  // A folder of dependencies from another machine or version is replaced without a question nobody may be there to answer.
  const args = ['--yes', PNPM, 'install', '--frozen-lockfile', '--config.confirm-modules-purge=false'];
  const code = await run('npx', args);
  if (code !== 0) throw new SetupError(`The dependencies could not be installed (pnpm ended with ${code}, see above).`);
  writeFileSync(INSTALL_STAMP, `${wanted}\n`);
}

/** Builds the console's page; returns at once when its sources have not changed since. */
export async function buildConsole() {
  const wanted = hashSources([
    join(CONSOLE, 'src'),
    join(CONSOLE, 'vite.config.ts'),
    join(CONSOLE, 'package.json'),
    join(ROOT, 'packages', 'shared', 'src'),
    join(ROOT, 'pnpm-lock.yaml'),
  ]);
  if (readStamp(CONSOLE_STAMP) === wanted && existsSync(join(CONSOLE, 'dist', 'renderer', 'index.html'))) return;
  say('Building the console');
  const code = await runBin('vite', ['build', '--logLevel', 'error'], { cwd: CONSOLE });
  if (code !== 0) throw new SetupError(`The console could not be built (vite ended with ${code}, see above).`);
  writeFileSync(CONSOLE_STAMP, `${wanted}\n`);
}

export async function setUp() {
  await install();
  await buildConsole();
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
