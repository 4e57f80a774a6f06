/*
 * Keeps the console's page and its files, so that it opens with no network. One version at a time: all of a version is
 * fetched and checked before any of it is shown, so the page and its files always belong together. The page comes from
 * here even while there is a network; a new version is fetched beside it and shown at the next load.
 *
 * Nothing else is touched: not the API, not the chat, not webhooks. The build fills in the manifest (../../../precache.ts).
 */

/** What the DOM's types lack of a service worker's scope. */
interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface RequestEvent extends Event {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface WorkerScope {
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: 'install' | 'activate', listener: (event: WorkerEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: RequestEvent) => void): void;
}

interface Manifest {
  /** Of all that follows. */
  version: string;
  /** SHA-256 of the page, hexadecimal. */
  page: string;
  /** Paths of the files the page uses; their names change with their content. */
  files: readonly string[];
}

const scope = globalThis as unknown as WorkerScope;
const manifest: Manifest = JSON.parse('__MANIFEST__');

const PAGE = '/';
const PREFIX = 'tradewind-console-';
const CACHE = PREFIX + manifest.version;
const FILES = new Set(manifest.files);

async function hash(response: Response): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await response.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @throws when the server is no longer of this version: its page would name files that are not here. */
async function keepVersion(): Promise<void> {
  const cache = await caches.open(CACHE);
  const page = await fetch(PAGE, { cache: 'no-store' });
  if (!page.ok || (await hash(page.clone())) !== manifest.page) throw new Error('The page is of another version.');
  await cache.addAll(manifest.files);
  await cache.put(PAGE, page);
}

async function forgetOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)),
  );
}

/** What was kept; the network where the browser cleared it. */
async function answer(request: Request, path: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(path, { ignoreVary: true })) ?? fetch(request);
}

scope.addEventListener('install', (event) => {
  // Open windows have loaded all they need: they need not be closed before the next load shows this version.
  event.waitUntil(keepVersion().then(() => scope.skipWaiting()));
});

scope.addEventListener('activate', (event) => {
  event.waitUntil(forgetOthers().then(() => scope.clients.claim()));
});

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  const isPage = pathname === PAGE && request.mode === 'navigate';
  if (isPage || FILES.has(pathname)) event.respondWith(answer(request, pathname));
});
