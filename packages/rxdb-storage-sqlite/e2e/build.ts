import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, preview } from 'vite';

/** Builds the page as an application would and serves it; the specs find it by STORAGE_PAGE. */
export default async function serve() {
  const outDir = mkdtempSync(join(tmpdir(), 'rxdb-sqlite-page-'));
  const root = join(import.meta.dirname, 'page');
  const config = { root, configFile: false as const, logLevel: 'warn' as const, build: { outDir, emptyOutDir: true } };
  await build({ ...config, worker: { format: 'es' } });
  const server = await preview({ ...config, preview: { port: 0, host: '127.0.0.1' } });
  process.env.STORAGE_PAGE = server.resolvedUrls?.local[0] ?? '';
  return async () => {
    await server.close();
    rmSync(outDir, { recursive: true, force: true });
  };
}
