import type { ChatSettings } from '@tradewind/shared/chat/wire';
import { type Client, type Identity, KEYS, type WidgetConfig } from '../common/contract.ts';
import { createStore } from '../common/store.ts';
import { keepSettings, readSettings, waitForSettings } from './fetch-settings.ts';
import { createHost } from './host.ts';
import { createLauncher } from './launcher.ts';
import { loadClient } from './load-client.ts';
import type { Actions } from './page-api.ts';

const OPEN = 'open';
/** As in the stylesheets: a sheet over the whole screen is not opened again by itself on the next page. */
const SMALL_SCREEN = '(max-width: 480px), (max-height: 480px)';

/** Everything that is there before the visitor wants to chat: one button, and what decides when the client is loaded. */
export function startWidget(config: WidgetConfig, warn: (sentence: string) => void): Actions {
  const prefix = `tradewind/${config.server}/${config.accountId}/`;
  const onChange = (listener: (event: StorageEvent) => void) => window.addEventListener('storage', listener);
  const store = createStore(prefix, { open: () => window.localStorage, onChange });
  const tab = createStore(prefix, { open: () => window.sessionStorage, onChange });
  const host = createHost();
  const { root } = host;
  const launcher = createLauncher(root, config.language, () => setOpen(!open));
  let settings: ChatSettings | null = null;
  let identity: Identity | null = null;
  let client: Client | null = null;
  let loading = false;
  let open = false;
  let opener: Element | null = null;

  function setOpen(value: boolean, focus = true): void {
    if (open === value) return;
    open = value;
    if (value) {
      tab.set(OPEN, '1');
      opener = document.activeElement;
    } else tab.remove(OPEN);
    if (client === null) {
      load(focus);
      return;
    }
    launcher.showOpen(value);
    if (value) client.open(focus);
    else {
      client.close();
      giveFocusBack();
    }
  }

  /** Where the visitor came from: what the page had focused when it opened the chat itself, else the button. */
  function giveFocusBack(): void {
    if (document.activeElement !== root.host) return;
    if (opener instanceof HTMLElement && opener !== root.host && opener !== document.body && opener.isConnected) {
      opener.focus();
    } else launcher.focus();
  }

  async function load(focus = false): Promise<void> {
    if (settings === null || client !== null || loading) return;
    loading = true;
    launcher.showLoading(true);
    launcher.showFailure(false);
    try {
      const start = await loadClient(config);
      client = start({
        config,
        root,
        store,
        settings,
        identity,
        keepSettings: takeSettings,
        showUnread: launcher.showUnread,
        close: () => setOpen(false),
      });
      if (!open) return;
      launcher.showOpen(true);
      client.open(focus);
    } catch (error) {
      if (open) launcher.showFailure(true);
      open = false;
      tab.remove(OPEN);
      warn(error instanceof Error ? error.message : String(error));
    } finally {
      loading = false;
      launcher.showLoading(false);
    }
  }

  function takeSettings(value: ChatSettings): void {
    settings = value;
    keepSettings(store, value);
    launcher.paint(value);
  }

  function show(value: ChatSettings): void {
    const first = settings === null;
    takeSettings(value);
    if (!first) return;
    host.show();
    if (open) load(true);
    else if (tab.get(OPEN) !== null && !matchMedia(SMALL_SCREEN).matches) setOpen(true, false);
    else if (store.get(KEYS.talk) !== null) load();
  }

  /** The chat is gone, or not for this site any more: what the last page kept of it does not bring it back. */
  function refuse(error: Error): void {
    warn(error.message);
    store.remove(KEYS.settings);
    setOpen(false);
    host.hide();
  }

  // What was kept from the last page is shown at once; what the desk says now comes a moment later.
  const kept = readSettings(store);
  if (kept !== null) show(kept);
  waitForSettings(config).then(show, refuse);
  store.subscribe((key) => {
    if (key === KEYS.talk && store.get(KEYS.talk) !== null) load();
  });

  return {
    identify(value) {
      identity = value;
      client?.identify(value);
    },
    logOut() {
      identity = null;
      setOpen(false);
      if (client) {
        client.logOut();
        return;
      }
      for (const key of store.keys('')) store.remove(key);
      if (settings !== null) keepSettings(store, settings);
    },
    open: () => setOpen(true),
    close: () => setOpen(false),
  };
}
