import type { DesktopBridge, TokenStorage } from '@tradewind/shared/ipc/bridge';

declare global {
  interface Window {
    /** Put there by the preload script of the desktop shell; a browser has none. */
    readonly tradewind?: DesktopBridge;
  }
}

/** Where the console runs: in the desktop shell with its bridge, or in a browser, where there is none. */
export const platform: { readonly bridge: DesktopBridge | null } = {
  // Tests import this module in Node, where there is no window.
  bridge: (typeof window === 'undefined' ? undefined : window.tradewind) ?? null,
};

let chosen: string | null = null;

/** Asks the shell which server it is for. Called once, before anything is shown. */
export async function startPlatform(): Promise<void> {
  if (platform.bridge) chosen = (await platform.bridge.servers.list()).current;
}

/**
 * The origin of the server this page works with, such as `https://desk.example`. In a browser it is the page's own; in
 * the desktop shell the chosen one, or null before the first is chosen. It never changes in a loaded page.
 */
export function currentServer(): string | null {
  return platform.bridge ? chosen : window.location.origin;
}

/**
 * Hands the session token over to the shell, which adds it to the requests from now on; the page keeps none.
 *
 * @returns where it lies there; null in a browser, where the session is an HttpOnly cookie and there is no token.
 */
export async function adoptToken(token: string): Promise<TokenStorage | null> {
  return platform.bridge ? platform.bridge.session.adopt(token) : null;
}
