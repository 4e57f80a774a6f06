import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { findRuntime } from './runtime.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Builds the console and the shell around it as they are now. */
export default async function buildApp(): Promise<void> {
  if ('missing' in findRuntime()) return; // every test will say so
  await build({ configFile: here('../../../vite.config.ts'), logLevel: 'error' });
  for (const mode of ['main', 'preload']) {
    await build({ configFile: here('../../../vite.shell.config.ts'), mode, logLevel: 'error' });
  }
}
