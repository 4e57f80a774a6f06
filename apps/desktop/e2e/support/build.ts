import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Builds the console and its made-up desk: the stories must not run on yesterday's screens. */
export default async function buildPages(): Promise<void> {
  for (const config of ['../../vite.config.ts', '../harness/vite.config.ts']) {
    await build({ configFile: fileURLToPath(new URL(config, import.meta.url)), logLevel: 'error' });
  }
}
