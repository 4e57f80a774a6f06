import type { ShellEvent } from '@tradewind/shared/ipc/bridge';
import { SHELL_EVENT } from '@tradewind/shared/ipc/channels';

/** More than a person can do while a page loads. */
const MAX_WAITING = 20;

/** What events are sent to: the page of the window. */
export interface EventTarget {
  send(channel: string, event: ShellEvent): void;
}

/** Tells the page what happens in the shell; what happens while it loads, or while it is dead, waits until it listens. */
export class ShellEventQueue {
  #target: EventTarget | null = null;
  #waiting: ShellEvent[] = [];

  /** The page listens. */
  open(target: EventTarget): void {
    this.#target = target;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const event of waiting) target.send(SHELL_EVENT, event);
  }

  /** The page is gone or being replaced. */
  close(): void {
    this.#target = null;
  }

  readonly tell = (event: ShellEvent): void => {
    if (this.#target) this.#target.send(SHELL_EVENT, event);
    // A page that is only coming up looks for what is new by itself.
    else if (event.type !== 'resync') this.#waiting = [...this.#waiting, event].slice(-MAX_WAITING);
  };
}
