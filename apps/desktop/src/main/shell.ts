import { join } from 'node:path';
import type { Presence } from '@tradewind/shared/ipc/bridge';
import { app, net, powerMonitor, type Session, session } from 'electron';
import { createIpcHandlers } from './ipc/handlers.ts';
import { registerIpc } from './ipc/register.ts';
import { ShellEventQueue } from './ipc/shell-events.ts';
import { offerContextMenu } from './platform/context-menu.ts';
import { JsonFile } from './platform/json-file.ts';
import { systemKeys } from './platform/key-store.ts';
import { type Link, toEvent } from './platform/links.ts';
import { showMenu } from './platform/menu.ts';
import { NoticeStore, noticesSchema, type ShownNotice } from './platform/notice-store.ts';
import { Notices } from './platform/notices.ts';
import { watchPower } from './platform/power.ts';
import { Preferences } from './platform/preferences.ts';
import { Servers } from './platform/servers.ts';
import { settingsSchema } from './platform/settings.ts';
import { Status } from './platform/status.ts';
import { TokenStore, tokensSchema } from './platform/token-store.ts';
import { serveApp } from './security/app-protocol.ts';
import { authorizeRequests } from './security/authorize.ts';
import { guardSession } from './security/guards.ts';
import { MainWindow } from './windows/main-window.ts';
import { recoverPage, tellDamaged } from './windows/recovery.ts';
import type { Start } from './windows/start-address.ts';

export interface ShellOptions {
  /** The folder of this profile. */
  profile: string;
  /** The build: `main`, `preload` and `renderer` lie in it. */
  distDir: string;
  /** Where whoever started the app wants it to begin. */
  start: Start | null;
  /** False where the system started the app at log-in. */
  visible: boolean;
}

/** Chromium takes up to a minute to write what the page keeps in `localStorage`, such as who is logged in. */
const FLUSH_EVERY_MS = 2_000;

/** The desktop shell: wires its parts and hands events from one to the other. */
export class Shell {
  readonly #options: ShellOptions;
  readonly #settings;
  readonly #tokens: TokenStore;
  readonly #servers: Servers;
  readonly #noticeStore: NoticeStore;
  readonly #events = new ShellEventQueue();
  #main: MainWindow | null = null;
  #quitting = false;

  /** Reads the profile; opens nothing yet. */
  constructor(options: ShellOptions) {
    const path = (name: string) => join(options.profile, name);
    this.#options = options;
    this.#settings = new JsonFile(path('settings.json'), settingsSchema);
    this.#tokens = new TokenStore(new JsonFile(path('sessions.json'), tokensSchema), systemKeys);
    this.#noticeStore = new NoticeStore(new JsonFile(path('notices.json'), noticesSchema));
    this.#servers = new Servers(this.#settings, this.#tokens);
    if (options.start) this.#servers.choose(options.start.server);
  }

  /** Goes where a link leads; without one only to the front. Links that come before the page wait for it. */
  follow(link: Link | null): void {
    if (link) this.#events.tell(toEvent(link, this.#servers.currentServer()));
    this.#main?.bringToFront();
  }

  /** The app ends: closing the window puts it away no longer. */
  beginQuit(): void {
    this.#quitting = true;
  }

  /**
   * Opens the window. Only after `ready`.
   *
   * @param noticeId - of the notice whose click started the app (macOS), or null.
   */
  open(noticeId: string | null): void {
    const preferences = new Preferences(this.#settings);
    this.#prepare(session.defaultSession);
    const main = this.#createWindow(preferences);
    const status = this.#createStatus(preferences, main);
    const showWords = () => {
      status.setWords(preferences.words);
      showMenu(preferences.words, (command) => {
        main.bringToFront();
        this.#events.tell({ type: 'menu', command });
      });
    };
    showWords();
    this.#watchPower(status);
    registerIpc(
      () => main.page,
      createIpcHandlers({
        servers: this.#servers,
        tokens: this.#tokens,
        preferences,
        notices: this.#createNotices(),
        fetch: (input, init) => net.fetch(input instanceof URL ? input.href : input, init),
        reloadPage: () => setImmediate(() => void main.load()),
        setCount: (count) => status.setCount(count),
        setPresence: (presence) => status.setPresence(presence),
        onPreferences: showWords,
        bringToFront: () => main.bringToFront(),
      }),
      (page) => this.#events.open(page),
    );
    const notice = noticeId === null ? null : this.#noticeStore.find(noticeId);
    if (notice) this.#openNotice(notice);
    if (this.#settings.setAside !== null) tellDamaged(preferences.words, this.#settings.setAside);
    void main.load(this.#options.start?.address);
  }

  #prepare(target: Session): void {
    const { currentServer, currentToken } = this.#servers;
    serveApp(target, { folder: join(this.#options.distDir, 'renderer'), currentServer });
    guardSession(target);
    authorizeRequests(target, { currentServer, currentToken });
    setInterval(() => target.flushStorageData(), FLUSH_EVERY_MS);
  }

  #createWindow(preferences: Preferences): MainWindow {
    const main = new MainWindow({
      preload: join(this.#options.distDir, 'preload', 'index.cjs'),
      saved: this.#settings.value.window,
      save: (state) => this.#settings.save({ ...this.#settings.value, window: state }),
      hidesOnClose: () => !this.#quitting && preferences.closeToTray,
      visible: this.#options.visible,
    });
    this.#main = main;
    const { window } = main;
    recoverPage(window, { words: () => preferences.words, onGone: () => this.#events.close(), quit: () => app.quit() });
    offerContextMenu(window.webContents, () => preferences.words);
    window.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) this.#events.close();
    });
    return main;
  }

  #createStatus(preferences: Preferences, main: MainWindow): Status {
    const actions = {
      show: () => main.bringToFront(),
      setPresence: (presence: Presence) => this.#tellPresence(status, presence),
      quit: () => app.quit(),
    };
    const status = new Status(preferences.words, actions, () => (main.page ? main.window : null));
    return status;
  }

  #createNotices(): Notices {
    return new Notices({
      store: this.#noticeStore,
      currentServer: this.#servers.currentServer,
      open: (notice) => this.#openNotice(notice),
      tell: this.#events.tell,
    });
  }

  #openNotice({ conversationId, server }: ShownNotice): void {
    this.follow({ kind: 'conversation', conversationId, server });
  }

  /** Who locks the screen is away; who comes back is online again, unless he was away before. */
  #watchPower(status: Status): void {
    let wasOnline = false;
    watchPower(powerMonitor, {
      onWake: () => this.#events.tell({ type: 'resync' }),
      onLock: () => {
        wasOnline = status.presence === 'online';
        if (wasOnline) this.#tellPresence(status, 'away');
      },
      onUnlock: () => {
        if (wasOnline) this.#tellPresence(status, 'online');
        wasOnline = false;
      },
    });
  }

  #tellPresence(status: Status, presence: Presence): void {
    status.setPresence(presence);
    this.#events.tell({ type: 'presence', presence });
  }
}
