import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig, type Plugin } from 'vite';
import real from '../../vite.config.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const REPLACED: Readonly<Record<string, string>> = {
  [here('../../src/renderer/desk/hooks.ts')]: here('fake-hooks.ts'),
  [here('../../src/renderer/session/session.ts')]: here('fake-session.ts'),
};

/** Puts a made-up desk in place of the real one, so that rare states can be looked at without making them happen. */
const madeUpDesk: Plugin = {
  name: 'made-up-desk',
  enforce: 'pre',
  resolveId(source, importer) {
    if (!importer || !source.startsWith('.')) return null;
    return REPLACED[resolve(dirname(importer), source)] ?? null;
  },
};

/** The console's screens on made-up data: for screenshots and the accessibility spec, never shipped. */
export default mergeConfig(
  real,
  defineConfig({
    plugins: [madeUpDesk],
    build: { outDir: here('../../dist/harness'), emptyOutDir: true },
  }),
);
