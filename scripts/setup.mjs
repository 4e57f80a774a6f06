import { accessSync, constants, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashSources, readStamp } from './lib/hash.mjs';
import { runsTypeScript } from './lib/node-version.mjs';
import { findNode, programEnvironment, ROOT, run, runBin, SetupError } from './lib/programs.mjs';

const PNPM = 'pnpm@12.21.0';
const CONSOLE = join(ROOT, 'apps', 'desktop');
const WIDGET = join(ROOT, 'apps', 'chat-widget');
const INSTALL_STAMP = join(ROOT, 'node_modules', '.tradewind-installed');
const CONSOLE_STAMP = join(CONSOLE, 'dist', '.tradewind-sources');
const WIDGET_STAMP = join(WIDGET, 'dist', '.tradewind-sources');

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
  begin('Installing the dependencies (the first time takes a minute or two)');
  // A folder of dependencies from another machine or version is replaced without a question nobody may be there to answer.
  const args = ['--yes', PNPM, 'install', '--frozen-lockfile', '--config.confirm-modules-purge=false'];
  const code = await run('npx', [...args, ...toEngine()]);
  if (code !== 0) throw new SetupError(`The dependencies could not be installed (pnpm ended with ${code}, see above).`);
  writeFileSync(INSTALL_STAMP, `${wanted}\n`);
}

/** Whether dependencies suit a Node is asked of the one that will run them, which may be among them. */
function toEngine() {
  if (runsTypeScript(process.versions.node)) return [];
  const { optionalDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const version = optionalDependencies[`node-${process.platform}-${process.arch}`];
  return version === undefined ? [] : [`--config.node-version=${version}`];
}

/** Builds the console's page and the desktop app around it; returns at once when their sources have not changed since. */
export async function buildConsole() {
  const wanted = hashSources([
    join(CONSOLE, 'src'),
    join(CONSOLE, 'vite.config.ts'),
    join(CONSOLE, 'vite.shell.config.ts'),
    join(CONSOLE, 'precache.ts'),
    join(CONSOLE, 'package.json'),
    join(ROOT, 'packages', 'shared', 'src'),
    join(ROOT, 'pnpm-lock.yaml'),
  ]);
  const results = ['renderer/index.html', 'main/index.cjs', 'preload/index.cjs'].map((file) =>
    join(CONSOLE, 'dist', file),
  );
  if (readStamp(CONSOLE_STAMP) === wanted && results.every((file) => existsSync(file))) return;
  begin('Building the console');
  const builds = [[], ...['main', 'preload'].map((part) => ['-c', 'vite.shell.config.ts', '--mode', part])];
  const codes = await Promise.all(
    builds.map((args) => runBin('vite', ['build', '--logLevel', 'error', ...args], { cwd: CONSOLE })),
  );
  const failure = codes.find((code) => code !== 0);
  if (failure) throw new SetupError(`The console could not be built (vite ended with ${failure}, see above).`);
  writeFileSync(CONSOLE_STAMP, `${wanted}\n`);
}

/** Builds the website chat; returns at once when its sources have not changed since. */
export async function buildWidget() {
  const wanted = hashSources([
    join(WIDGET, 'src'),
    join(WIDGET, 'build.ts'),
    join(WIDGET, 'package.json'),
    join(ROOT, 'pnpm-lock.yaml'),
  ]);
  if (readStamp(WIDGET_STAMP) === wanted && existsSync(join(WIDGET, 'dist', 'widget.js'))) return;
  begin('Building the website chat');
  const code = await run(findNode(), ['build.ts'], { cwd: WIDGET, env: programEnvironment() });
  if (code !== 0) throw new SetupError(`The website chat could not be built (it ended with ${code}, see above).`);
  writeFileSync(WIDGET_STAMP, `${wanted}\n`);
}

export async function setUp() {
  await install();
  await buildConsole();
  await buildWidget();
}

/** Says what is done next. What a service runs from is often not its own to write. */
function begin(step) {
  try {
    accessSync(ROOT, constants.W_OK);
  } catch {
    throw new SetupError(
      `This version is not set up yet, and this user may not write to ${ROOT}: run "npm run build" there as the user it belongs to, then try again.`,
    );
  }
  process.stdout.write(`${step}\n`);
}
