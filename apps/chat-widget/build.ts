import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type InlineConfig, type Plugin, type Rolldown } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));

/** The desk offers no WebTransport; engine.io-client has no way to leave it out. */
const withoutWebTransport: Plugin = {
  name: 'without-web-transport',
  enforce: 'pre',
  resolveId: (source, importer) =>
    source === './webtransport.js' && importer?.includes('engine.io-client') ? '\0no-web-transport' : null,
  load: (id) => (id === '\0no-web-transport' ? 'export const WT = null;' : null),
};

/** Two classic scripts: pages load the first, the first loads the second by the name that its contents give it. */
function createConfig(outDir: string, entry: string, fileName: string, define: Record<string, string>): InlineConfig {
  return {
    root,
    configFile: false,
    logLevel: 'error',
    define,
    plugins: [withoutWebTransport],
    build: {
      outDir,
      emptyOutDir: false,
      // adoptedStyleSheets and AbortSignal.timeout: what is older gets no chat.
      target: ['chrome103', 'firefox101', 'safari16.4'],
      modulePreload: false,
      rolldownOptions: {
        input: entry,
        output: { format: 'iife', entryFileNames: fileName },
      },
    },
  };
}

async function bundle(...config: Parameters<typeof createConfig>): Promise<string> {
  const result = (await build(createConfig(...config))) as Rolldown.RolldownOutput;
  return basename(result.output[0].fileName);
}

/** Writes `widget.js` and `client-<hash>.js`; earlier clients stay, for pages that loaded the earlier widget. */
export async function buildWidget(outDir = join(root, 'dist')): Promise<void> {
  const client = await bundle(outDir, 'src/client/client.ts', 'client-[hash].js', {});
  await bundle(outDir, 'src/loader/widget.ts', 'widget.js', { CLIENT_FILE: JSON.stringify(client) });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWidget();
