import type { Presence, ShellPreferences } from '@tradewind/shared/ipc/bridge';
import type { Notices } from '../platform/notices.ts';
import type { Preferences } from '../platform/preferences.ts';
import { checkServer } from '../platform/server-check.ts';
import type { Servers } from '../platform/servers.ts';
import type { TokenStore } from '../platform/token-store.ts';
import type { IpcHandlers } from './register.ts';

export interface IpcDeps {
  servers: Servers;
  tokens: TokenStore;
  notices: Notices;
  preferences: Preferences;
  fetch: typeof globalThis.fetch;
  /** Loads the page anew, after the answer to the call that asked for it. */
  reloadPage(): void;
  setCount(count: number): void;
  setPresence(presence: Presence): void;
  onPreferences(preferences: ShellPreferences): void;
  bringToFront(): void;
}

/** The bridge's calls, each handed to the part that does it. */
export function createIpcHandlers(deps: IpcDeps): IpcHandlers {
  const { servers, tokens, notices, preferences } = deps;
  return {
    'servers.list': () => servers.list(),
    'servers.check': async (address) => {
      const check = await checkServer(address, deps.fetch);
      if (check.kind === 'ok') servers.nameServer(check.origin, check.name);
      return check;
    },
    'servers.choose': (origin) => {
      servers.choose(origin);
      deps.reloadPage();
    },
    'servers.forget': (origin) => {
      if (servers.forget(origin)) deps.reloadPage();
    },
    'session.adopt': (token) => tokens.adopt(requireServer(servers), token),
    'session.clear': () => {
      const server = servers.currentServer();
      if (server !== null) tokens.forget(server);
    },
    'session.state': () => ({ signedIn: servers.currentToken() !== null, storage: tokens.storage }),
    'notices.show': (notice) => notices.show(notice),
    'notices.dismiss': (id) => notices.dismiss(id),
    'shell.setBadge': (count) => deps.setCount(count),
    'shell.setPresence': (presence) => deps.setPresence(presence),
    'shell.preferences': () => preferences.read(),
    'shell.setPreferences': (change) => {
      const changed = preferences.change(change);
      deps.onPreferences(changed);
      return changed;
    },
    'shell.focus': () => deps.bringToFront(),
  };
}

function requireServer(servers: Servers): string {
  const server = servers.currentServer();
  if (server === null) throw new Error('A session needs a server: none is chosen.');
  return server;
}
