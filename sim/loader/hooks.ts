import { registerHooks } from 'node:module';
import type { SourceEdit } from '../mutants/mutant.ts';
import { devicesOf, isOfDevice } from './devices.ts';
import { plantIn } from './plant.ts';

const here = (path: string) => new URL(path, import.meta.url).href;

interface StandIn {
  /** Who gets it: the importing file's path ends in this. */
  importer: RegExp;
  specifier: RegExp;
  url: string;
}

/**
 * Where the product meets the world outside its process, and what stands there instead: database connections, sockets,
 * HTTP in both directions, and waits. Everything else is the product as it is.
 */
const STAND_INS: readonly StandIn[] = [
  {
    importer: /\/apps\/sync-server\/src\/db\/(database|notifications)\.ts$/,
    specifier: /^pg$/,
    url: here('./stand-ins/pg.ts'),
  },
  {
    importer: /\/apps\/sync-server\/src\/main\.ts$/,
    specifier: /^node:http$/,
    url: here('./stand-ins/http-server.ts'),
  },
  {
    importer: /\/apps\/sync-server\/src\/realtime\//,
    specifier: /^socket\.io$/,
    url: here('./stand-ins/socket-server.ts'),
  },
  {
    importer: /\/apps\/desktop\/src\/renderer\/replication\//,
    specifier: /^socket\.io-client$/,
    url: here('./stand-ins/socket-client.ts'),
  },
  {
    importer: /\/apps\/sync-server\/src\/(?!db\/embedded\/|launch\/)/,
    specifier: /^node:timers\/promises$/,
    url: here('./stand-ins/timers.ts'),
  },
  {
    importer: /\/apps\/sync-server\/src\/(?!net\/http-request)/,
    specifier: /\/http-request\.ts$/,
    url: here('./stand-ins/http-request.ts'),
  },
];

/**
 * Loads the product for the simulation: stand-ins at its edges, a console of its own for each device, and the bug that a
 * mutant plants. Call it before anything of the product is imported.
 *
 * @param edits - what a mutant plants.
 * @returns asks which of the edits are still unplanted: their files have not been loaded.
 */
export function loadForSimulation(edits: readonly SourceEdit[]): () => SourceEdit[] {
  const unplanted = new Set(edits);
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const importer = context.parentURL ?? '';
      const standIn = STAND_INS.find(
        (one) => one.specifier.test(specifier) && one.importer.test(withoutQuery(importer)),
      );
      if (standIn) return { url: standIn.url, shortCircuit: true };
      const resolved = nextResolve(specifier, context);
      return { ...resolved, url: devicesOf(resolved.url, importer) };
    },
    load(url, context, nextLoad) {
      const loaded = nextLoad(isOfDevice(url) ? withoutQuery(url) : url, context);
      const here = edits.filter(({ file }) => withoutQuery(url).endsWith(`/${file}`));
      if (here.length === 0) return loaded;
      for (const edit of here) unplanted.delete(edit);
      return { ...loaded, source: here.reduce(plantIn, String(loaded.source)) };
    },
  });
  return () => [...unplanted].filter(({ file }) => !file.endsWith('.sql'));
}

function withoutQuery(url: string): string {
  return url.replace(/\?.*$/, '');
}
