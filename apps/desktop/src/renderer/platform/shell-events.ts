import type { ShellEvent } from '@tradewind/shared/ipc/bridge';
import { platform } from './platform.ts';

type Type = ShellEvent['type'];
type EventOf<TType extends Type> = Extract<ShellEvent, { type: TType }>;

/** Followed links and pressed buttons that nobody has asked for yet; more than these nobody remembers. */
const MAX_KEPT = 20;

/** Hands the shell's events to whoever listens to their kind; those that come before a listener wait for the first. */
export class ShellEvents {
  readonly #listeners = new Map<Type, Set<(event: never) => void>>();
  #kept: ShellEvent[] = [];

  readonly receive = (event: ShellEvent): void => {
    const listeners = this.#listeners.get(event.type);
    if (listeners?.size) for (const listener of [...listeners]) listener(event as never);
    else this.#kept = [...this.#kept, event].slice(-MAX_KEPT);
  };

  /** @returns a function that ends it. */
  on<TType extends Type>(type: TType, listener: (event: EventOf<TType>) => void): () => void {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
    const waiting = this.#kept.filter((event): event is EventOf<TType> => event.type === type);
    this.#kept = this.#kept.filter((event) => event.type !== type);
    for (const event of waiting) listener(event);
    return () => listeners.delete(listener);
  }
}

const events = new ShellEvents();
platform.bridge?.onEvent(events.receive);

/** Subscribes to one kind of what the desktop shell tells; in a browser nothing ever comes. */
export const onShellEvent: ShellEvents['on'] = (type, listener) => events.on(type, listener);
