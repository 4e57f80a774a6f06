import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { precache, WORKER } from './precache.ts';

const renderer = fileURLToPath(new URL('src/renderer', import.meta.url));
const inRenderer = (path: string) => fileURLToPath(new URL(`src/renderer/${path}`, import.meta.url));

/** The console's page. The server's CSP allows no inline script, no inline style element and no data: font. */
export default defineConfig({
  root: renderer,
  plugins: [react(), precache()],
  css: { modules: { localsConvention: 'camelCaseOnly' } },
  build: {
    outDir: fileURLToPath(new URL('dist/renderer', import.meta.url)),
    emptyOutDir: true,
    // light-dark(), field-sizing and CSS nesting are used as they are; older browsers lose comfort, not function.
    target: ['chrome130', 'firefox130', 'safari18'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        index: inRenderer('index.html'),
        'chat-preview': inRenderer('chat-preview.html'),
        [WORKER]: inRenderer('service-worker/worker.ts'),
      },
      output: {
        // The worker answers for the pages beside it, so it lies at the root, and under one name for ever.
        entryFileNames: ({ name }) => (name === WORKER ? '[name].js' : 'assets/[name]-[hash].js'),
        // Libraries change seldom: their files stay in the browser's cache when the desk changes.
        codeSplitting: {
          groups: [
            { name: 'store', test: /node_modules[\\/](?:rxdb|rxjs|dexie|socket\.io|engine\.io)/ },
            {
              name: 'screen',
              test: /node_modules[\\/](?:react|scheduler|radix-ui|@radix-ui|@floating-ui|@tanstack|lucide-react|i18next)/,
            },
          ],
        },
      },
    },
  },
});
