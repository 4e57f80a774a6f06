import { setTimeout as wait } from 'node:timers/promises';
import { currentProcess } from '../../world/sim-process.ts';

/** Waits in simulated time; outside a simulated process it is the real thing. */
export function setTimeout<T>(ms: number, value?: T, options: { signal?: AbortSignal } = {}): Promise<T> {
  const owner = currentProcess();
  if (!owner) return wait(ms, value, options) as Promise<T>;
  return new Promise((resolve, reject) => {
    const { signal } = options;
    const abort = () => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = owner.world.clock.schedule(owner, ms, 'wait', () => {
      signal?.removeEventListener('abort', abort);
      resolve(value as T);
    });
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}
