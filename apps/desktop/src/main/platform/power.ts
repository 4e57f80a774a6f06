import type { PowerMonitor } from 'electron';

export interface PowerHandlers {
  /** What is believed about the connection is old: look at once. */
  onWake(): void;
  onLock(): void;
  onUnlock(): void;
}

/** Linux tells each sleep and each waking twice. */
const SAME_EVENT_MS = 2_000;

/** Follows the machine's sleep and its lock screen. */
export function watchPower(monitor: Pick<PowerMonitor, 'on'>, handlers: PowerHandlers, now = Date.now): void {
  let wokeAt = Number.NEGATIVE_INFINITY;
  const wake = () => {
    if (now() - wokeAt < SAME_EVENT_MS) return;
    wokeAt = now();
    handlers.onWake();
  };
  monitor.on('resume', wake);
  monitor.on('lock-screen', () => handlers.onLock());
  monitor.on('unlock-screen', () => {
    handlers.onUnlock();
    wake();
  });
}
