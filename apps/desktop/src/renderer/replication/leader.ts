/** What is needed of `navigator.locks`. */
export type LockSource = Pick<LockManager, 'request'>;

export interface Leadership {
  /** Gives the lead back; resolves when the work has ended. */
  close(): Promise<void>;
}

/**
 * Runs `lead` in one tab of this browser at a time: the lock passes to another tab when this one closes or crashes.
 *
 * @param locks - null where there are none (tests, a plain-http address): then this instance leads.
 * @param lead - starts the work and returns what ends it.
 */
export function leadWhenAlone(
  locks: LockSource | null,
  name: string,
  lead: () => Promise<() => Promise<void>>,
): Leadership {
  const abort = new AbortController();
  const closing = new Promise<void>((resolve) => abort.signal.addEventListener('abort', () => resolve()));
  const work = async () => {
    if (abort.signal.aborted) return;
    const end = await lead();
    await closing;
    await end();
  };
  const done = locks ? locks.request(name, { signal: abort.signal }, work) : work();
  const ended = Promise.resolve(done).catch((error: unknown) => {
    // Closed while still waiting for its turn: nothing was started, nothing has to end.
    if (!abort.signal.aborted) throw error;
  });
  return {
    async close() {
      abort.abort();
      await ended;
    },
  };
}
