import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { currentProcess } from './sim-process.ts';

/** Up to here a wait is a courtesy to the event loop and takes no time. */
const SHORT_MS = 20;

/** A timer of a simulated process, with what Node's timers offer. */
class SimTimer {
  cancel: () => void;

  constructor(cancel: () => void) {
    this.cancel = cancel;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }
}

type Run = (...args: unknown[]) => void;

/**
 * Gives simulated processes their own time and chance: clock, timers, time limits and random numbers. The simulation itself
 * and everything outside of a process keep the real ones.
 */
export function installGlobals(): void {
  const real = {
    setTimeout: globalThis.setTimeout,
    setInterval: globalThis.setInterval,
    clearTimeout: globalThis.clearTimeout,
    clearInterval: globalThis.clearInterval,
    dateNow: Date.now,
    random: Math.random,
    performanceNow: performance.now.bind(performance),
    timeout: AbortSignal.timeout.bind(AbortSignal),
    getRandomValues: globalThis.crypto.getRandomValues.bind(globalThis.crypto),
    randomBytes: crypto.randomBytes,
    randomUUID: crypto.randomUUID,
    warn: console.warn.bind(console),
  };

  const start =
    (repeats: boolean) =>
    (run: Run, ms: number | undefined, ...args: unknown[]) => {
      const owner = currentProcess();
      if (!owner) return (repeats ? real.setInterval : real.setTimeout)(run, ms, ...args);
      const delayMs = ms ?? 0;
      if (!repeats && delayMs <= SHORT_MS) return runSoon(owner.world.scheduler, () => run(...args));
      const timer = new SimTimer(() => undefined);
      const arm = () => {
        timer.cancel = owner.world.clock.schedule(owner, delayMs, repeats ? 'interval' : 'timeout', () => {
          if (repeats) arm();
          run(...args);
        });
      };
      arm();
      return timer;
    };
  const stop = (clear: (timer: never) => void) => (timer: unknown) => {
    if (timer instanceof SimTimer) timer.cancel();
    else clear(timer as never);
  };

  Object.assign(globalThis, {
    setTimeout: start(false),
    setInterval: start(true),
    clearTimeout: stop(real.clearTimeout),
    clearInterval: stop(real.clearInterval),
  });
  Date.now = () => currentProcess()?.now() ?? real.dateNow();
  Math.random = () => (currentProcess()?.random ?? real.random)();
  performance.now = () => currentProcess()?.world.clock.nowMs ?? real.performanceNow();
  AbortSignal.timeout = (ms) => {
    const owner = currentProcess();
    if (!owner) return real.timeout(ms);
    const controller = new AbortController();
    const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    owner.world.clock.schedule(owner, ms, 'time limit', () => controller.abort(reason));
    return controller.signal;
  };
  globalThis.crypto.getRandomValues = ((array: Uint8Array<ArrayBuffer>) => {
    const owner = currentProcess();
    if (!owner) return real.getRandomValues(array);
    return fill(array, owner.random);
  }) as Crypto['getRandomValues'];
  crypto.randomBytes = ((size: number) => {
    const owner = currentProcess();
    return owner ? fill(Buffer.alloc(size), owner.random) : real.randomBytes(size);
  }) as typeof crypto.randomBytes;
  crypto.randomUUID = () => {
    const owner = currentProcess();
    if (!owner) return real.randomUUID();
    const hex = fill(Buffer.alloc(16), owner.random).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  };
  syncBuiltinESMExports();
  console.warn = (...args: unknown[]) => {
    const owner = currentProcess();
    if (owner) owner.world.onWarning?.(owner, String(args[0]));
    else real.warn(...args);
  };
}

function fill<T extends Uint8Array>(array: T, random: () => number): T {
  for (let index = 0; index < array.length; index++) array[index] = Math.floor(random() * 256);
  return array;
}

function runSoon(scheduler: { noteActivity(): void }, run: () => void): SimTimer {
  let cancelled = false;
  scheduler.noteActivity();
  setImmediate(() => {
    scheduler.noteActivity();
    if (!cancelled) run();
  });
  return new SimTimer(() => {
    cancelled = true;
  });
}
