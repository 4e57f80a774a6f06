// One Ctrl-C may arrive twice: from the terminal and, handed on, from npm and the start script.
const SAME_REQUEST_MS = 1000;

/**
 * Listens for the wish to end: Ctrl-C, a service manager's SIGTERM, a closed terminal, or the end of the process that
 * started us (its channel closes, even when it is killed).
 *
 * @param force - called when Ctrl-C is pressed once more while ending takes its time.
 */
export function listenForStop(force: () => void): AbortSignal {
  const stop = new AbortController();
  let firstAt = 0;
  const ask = () => {
    if (stop.signal.aborted) {
      if (Date.now() - firstAt > SAME_REQUEST_MS) force();
      return;
    }
    firstAt = Date.now();
    stop.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, ask);
  process.once('disconnect', () => {
    if (!stop.signal.aborted) ask();
  });
  return stop.signal;
}
