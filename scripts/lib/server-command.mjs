import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { install } from '../setup.mjs';
import { findNode, programEnvironment, ROOT, runMain } from './programs.mjs';

/**
 * Runs a command of the server with our arguments and terminal, where we were called, and ends with its exit code.
 *
 * @param path - below the server's `src`.
 */
export function runServerCommand(path) {
  return runMain(async () => {
    await install();
    const file = join(ROOT, 'apps', 'sync-server', 'src', path);
    const child = spawn(findNode(), [file, ...process.argv.slice(2)], { stdio: 'inherit', env: programEnvironment() });
    // It ends by itself when it is told to, and we with it: its last words belong before the prompt.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code ?? 1));
    });
  });
}
