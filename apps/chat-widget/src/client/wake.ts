/** A timer that comes this much late was stopped: the machine slept, or the browser froze the page. */
const TICK_MS = 15_000;
const SLEPT_MS = 45_000;

interface Handlers {
  /** Things may have been missed: the page is looked at again, came back from the cache, or the network or machine did. */
  wake: () => void;
  /** The page goes, perhaps into the browser's cache; an open connection would keep it out of there. */
  leave: () => void;
}

export function watchWaking({ wake, leave }: Handlers): void {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') wake();
  });
  window.addEventListener('online', wake);
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) wake();
  });
  window.addEventListener('pagehide', leave);
  let last = Date.now();
  setInterval(() => {
    const now = Date.now();
    if (Math.abs(now - last) > SLEPT_MS) wake();
    last = now;
  }, TICK_MS);
}
