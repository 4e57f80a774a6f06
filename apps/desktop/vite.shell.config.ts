import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const { version } = JSON.parse(readFileSync(here('package.json'), 'utf8')) as { version: string };

/**
 * The main process (`vite build -c vite.shell.config.ts --mode main`) and the preload script (`--mode preload`), each one
 * CommonJS file with everything in it but Electron: what is loaded synchronously runs before `ready` (ADR 0014), and a
 * sandboxed preload can load nothing else.
 */
export default defineConfig(({ mode }) => ({
  root: here('.'),
  define: { APP_VERSION: JSON.stringify(version) },
  publicDir: false,
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: here(`src/${mode}/index.ts`),
    outDir: here(`dist/${mode}`),
    emptyOutDir: true,
    // The oldest Electron it runs on is 33.
    target: 'node20',
    minify: false,
    rolldownOptions: { external: ['electron', /^node:/], output: { format: 'cjs', entryFileNames: 'index.cjs' } },
  },
}));
