import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runsTypeScript } from './node-version.mjs';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '');

const BIN_FOLDERS = [join(ROOT, 'node_modules', '.bin'), join(ROOT, 'apps', 'desktop', 'node_modules', '.bin')];
const IS_WINDOWS = process.platform === 'win32';

/** An error that is told to the user as its sentence, without a stack. */
export class SetupError extends Error {}

/**
 * The Node that runs Tradewind: this one when it is new enough, else the one among the dependencies.
 *
 * @throws SetupError where neither is (only Linux has one among the dependencies).
 */
export function findNode() {
  if (runsTypeScript(process.versions.node)) return process.execPath;
  const bundled = join(ROOT, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(bundled)) return bundled;
  throw new SetupError(
    `Tradewind needs Node 22.18 or newer here, this is ${process.versions.node}: install it from https://nodejs.org.`,
  );
}

/** The environment of our programs: the chosen Node and the dependencies' commands come first. */
export function programEnvironment(extra = {}) {
  const folders = [join(findNode(), '..'), ...BIN_FOLDERS];
  return { ...process.env, ...extra, PATH: [...folders, process.env.PATH].join(delimiter) };
}

/** The path of a dependency's command, such as `vitest`. */
export function findBin(name) {
  const file = IS_WINDOWS ? `${name}.cmd` : name;
  const path = BIN_FOLDERS.map((folder) => join(folder, file)).find((candidate) => existsSync(candidate));
  if (path === undefined) throw new SetupError(`The command ${name} is not among the installed dependencies.`);
  return path;
}

/**
 * Runs a program with our terminal and waits for it.
 *
 * @returns its exit code; 128 + n when signal n ended it, as shells say it.
 */
export function run(command, args, { env = process.env, cwd = ROOT } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', env, cwd, shell: IS_WINDOWS && !command.endsWith('.exe') });
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === 'SIGINT' ? 2 : 15)));
  });
}

export function runBin(name, args, options = {}) {
  return run(findBin(name), args, { ...options, env: programEnvironment(options.env) });
}

/** Runs `main` and turns what it throws into one sentence and an exit code. */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`${error instanceof SetupError ? error.message : (error?.stack ?? error)}\n`);
    process.exitCode = 1;
  }
}
