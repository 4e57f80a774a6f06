import type { DeskRuntime } from './desk-runtime.ts';
import { Emitter } from './emitter.ts';

let current: DeskRuntime | null = null;
const changed = new Emitter();

/** The one desk that is open in this page, for the hooks; null before login and after logout. */
export const currentDesk = {
  subscribe: changed.subscribe,
  get: (): DeskRuntime | null => current,
  set(desk: DeskRuntime | null): void {
    current = desk;
    changed.emit();
  },
};
