import { platform } from '../platform/platform.ts';

const ADDRESS = '/service-worker.js';
/** Tabs stay open for weeks; the browser itself looks for a new version at each load. */
const LOOK_EVERY_MS = 60 * 60_000;
/** The whole console is less than two megabytes. */
const UPDATE_TIMEOUT_MS = 15_000;

/**
 * Lets the browser keep the console, so that it opens with no network. The desktop app has its files with it; over plain
 * http browsers offer no service worker (features/server/LimitsNotice.tsx says so).
 */
export function startServiceWorker(): void {
  if (platform.bridge || !window.isSecureContext || !('serviceWorker' in navigator)) return;
  // After the page itself: on a slow line what the agent waits for comes first.
  if (document.readyState === 'complete') void register();
  else window.addEventListener('load', () => void register(), { once: true });
}

async function register(): Promise<void> {
  try {
    const registration = await navigator.serviceWorker.register(ADDRESS, { updateViaCache: 'none' });
    setInterval(() => void look(registration), LOOK_EVERY_MS);
  } catch (error) {
    // The console works all the same, only not without network.
    console.warn('The console is not kept for the time without network.', error);
  }
}

function look(registration: ServiceWorkerRegistration): Promise<unknown> {
  return registration.update().catch(() => undefined);
}

function settled(worker: ServiceWorker): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      if (worker.state === 'activated' || worker.state === 'redundant') resolve();
    };
    worker.addEventListener('statechange', check);
    check();
    setTimeout(resolve, UPDATE_TIMEOUT_MS);
  });
}

/** Loads the page anew, in the newest version the server has. */
export async function loadNewest(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  if (registration) {
    await look(registration);
    const coming = registration.installing ?? registration.waiting;
    if (coming) await settled(coming);
  }
  window.location.reload();
}
