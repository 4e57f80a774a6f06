import type { Identity } from '../common/contract.ts';

/** What a page can ask of the chat. */
export interface Actions {
  identify(identity: Identity): void;
  logOut(): void;
  open(): void;
  close(): void;
}

type Warn = (sentence: string) => void;

/** `window.Tradewind`: before the script has loaded a list of calls, then the chat itself. */
export interface PageApi extends Actions {
  /** `push(['open'])` works before and after the script has loaded. */
  queue: { push(...calls: unknown[]): void };
}

export interface PageWindow {
  Tradewind?: unknown;
}

/** Two tags on one page would be two chats. */
export function isInstalled(page: PageWindow): boolean {
  return typeof (page.Tradewind as Partial<PageApi> | undefined)?.open === 'function';
}

/** Puts `window.Tradewind` in place and carries out what was queued before. */
export function installPageApi(page: PageWindow, actions: Actions, warn: Warn): void {
  const earlier = page.Tradewind as { queue?: unknown } | undefined;
  const push = (...calls: unknown[]) => {
    for (const call of calls) carryOut(actions, call, warn);
  };
  page.Tradewind = Object.freeze({ ...actions, queue: Object.freeze({ push }) }) satisfies PageApi;
  if (Array.isArray(earlier?.queue)) push(...earlier.queue);
}

function carryOut(actions: Actions, call: unknown, warn: Warn): void {
  const [name, identity]: unknown[] = Array.isArray(call) ? call : [];
  if (name === 'open' || name === 'close' || name === 'logOut') actions[name]();
  else if (name === 'identify' && (typeof identity === 'string' || typeof identity === 'function')) {
    actions.identify(identity as Identity);
  } else warn(`queue takes ['open'], ['close'], ['logOut'] and ['identify', jwt], not ${JSON.stringify(call)}`);
}
