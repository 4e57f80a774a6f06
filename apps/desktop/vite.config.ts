import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const renderer = fileURLToPath(new URL('src/renderer', import.meta.url));

/** The console's page. The server's CSP allows no inline script, no inline style element and no data: font. */
export default defineConfig({
  root: renderer,
  plugins: [react()],
  css: { modules: { localsConvention: 'camelCaseOnly' } },
  build: {
    outDir: fileURLToPath(new URL('dist/renderer', import.meta.url)),
    emptyOutDir: true,
    // light-dark(), field-sizing and CSS nesting are used as they are; older browsers lose comfort, not function.
    target: ['chrome130', 'firefox130', 'safari18'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
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
