/** What the device tells about its network and its sleep. */
export interface DeviceEvents {
  onOnline(): void;
  onOffline(): void;
  /** Visible again or awake again: what we believe about the connection may be old. */
  onWake(): void;
  /** The page may be gone in a moment. */
  onLeave(): void;
}

const TICK_MS = 5_000;
/** Timers of hidden tabs run once a minute; a longer silence means that the device slept. */
const SLEPT_AFTER_MS = 90_000;

/** Subscribes to the browser. Returns a function that ends it. */
export function listenToDevice(events: DeviceEvents): () => void {
  const abort = new AbortController();
  const { signal } = abort;
  window.addEventListener('online', () => events.onOnline(), { signal });
  window.addEventListener('offline', () => events.onOffline(), { signal });
  window.addEventListener('pagehide', () => events.onLeave(), { signal });
  document.addEventListener(
    'visibilitychange',
    () => (document.visibilityState === 'hidden' ? events.onLeave() : events.onWake()),
    { signal },
  );
  let lastTickAt = Date.now();
  const ticking = setInterval(() => {
    const now = Date.now();
    if (now - lastTickAt > SLEPT_AFTER_MS) events.onWake();
    lastTickAt = now;
  }, TICK_MS);
  return () => {
    clearInterval(ticking);
    abort.abort();
  };
}
