import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

/** Name of the entry and of the file it becomes: a browser looks for it at the root, whose pages it may answer. */
export const WORKER = 'service-worker';
/** Pages beside the console; they are of no use without network. */
const NOT_KEPT = /^(?:chat-preview)/;
const PLACEHOLDER = '"__MANIFEST__"';

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');

/** Tells the service worker what the console consists of, once all names are known. */
export function precache(): Plugin {
  return {
    name: 'tradewind-precache',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const worker = bundle[`${WORKER}.js`];
        const page = bundle['index.html'];
        if (worker?.type !== 'chunk' || page?.type !== 'asset')
          throw new Error('The build lacks its worker or its page.');
        if (worker.imports.length > 0) throw new Error('The service worker must be one file.');
        const used = Object.keys(bundle).filter(
          (name) => name.startsWith('assets/') && !NOT_KEPT.test(name.slice('assets/'.length)),
        );
        const files = used.sort().map((name) => `/${name}`);
        const pageHash = sha256(page.source);
        const manifest = JSON.stringify({
          version: sha256(files.join() + pageHash).slice(0, 16),
          page: pageHash,
          files,
        });
        // Whatever quotes the minifier chose.
        const code = worker.code.replace(/(["'`])__MANIFEST__\1/, PLACEHOLDER);
        if (!code.includes(PLACEHOLDER)) throw new Error('The service worker lost its place for the manifest.');
        worker.code = code.replace(PLACEHOLDER, () => JSON.stringify(manifest));
      },
    },
  };
}
