import { DESKTOP_ORIGIN } from '@tradewind/shared/ipc/origin';
import { BrowserWindow, nativeTheme, screen, type WebContents } from 'electron';
import { toStartAddress } from './start-address.ts';
import { placeWindow, SMALLEST, type WindowState } from './window-state.ts';

export interface MainWindowOptions {
  preload: string;
  saved: WindowState | null;
  save(state: WindowState): void;
  /** Closing puts it away instead: the desk goes on in the tray. */
  hidesOnClose(): boolean;
  /** Shown as soon as there is something to see; false where the system started the app. */
  visible: boolean;
}

const SAVE_AFTER_MS = 400;
/** What stands before the page is painted (`--bg` of the themes). */
const BACKGROUND = { light: '#F7F8F8', dark: '#101415' };

/** The one window of the app, with the console in it. */
export class MainWindow {
  readonly window: BrowserWindow;
  readonly #options: MainWindowOptions;
  #opensMaximized: boolean;
  #saving: NodeJS.Timeout | undefined;

  constructor(options: MainWindowOptions) {
    this.#options = options;
    this.#opensMaximized = options.saved?.maximized ?? false;
    const displays = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map(({ workArea }) => workArea);
    this.window = new BrowserWindow({
      ...placeWindow(options.saved, displays),
      minWidth: SMALLEST.width,
      minHeight: SMALLEST.height,
      title: 'Tradewind',
      show: false,
      autoHideMenuBar: true,
      backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
      webPreferences: {
        preload: options.preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        // In the tray the desk must go on receiving; throttled timers would hold messages back for a minute.
        backgroundThrottling: false,
        // Elsewhere Chromium would fetch its dictionaries from a server nobody chose.
        spellcheck: process.platform === 'darwin',
      },
    });
    // Not before: maximising shows a window, also one that was to begin in the tray.
    if (this.#opensMaximized) this.window.once('show', () => this.#maximize());
    if (options.visible) this.window.once('ready-to-show', () => this.window.show());
    this.#listen();
  }

  get page(): WebContents | null {
    return this.window.isDestroyed() ? null : this.window.webContents;
  }

  /** Loads the console anew, with the policy of the server chosen now. */
  async load(start?: string): Promise<void> {
    const before = this.page?.getURL() ?? '';
    // The old page would only be told to go to another place in itself.
    if (before.startsWith(DESKTOP_ORIGIN)) await this.page?.loadURL('about:blank').catch(() => undefined);
    await this.page?.loadURL(start ?? toStartAddress(before)).catch(() => undefined); // a crash is an event of its own
  }

  bringToFront(): void {
    if (this.window.isDestroyed()) return;
    if (this.window.isMinimized()) this.window.restore();
    this.window.show();
    this.window.focus();
  }

  #listen(): void {
    const { window } = this;
    const saveSoon = () => {
      clearTimeout(this.#saving);
      this.#saving = setTimeout(() => this.#save(), SAVE_AFTER_MS);
    };
    window.on('resize', saveSoon);
    window.on('move', saveSoon);
    window.on('maximize', saveSoon);
    window.on('unmaximize', saveSoon);
    window.on('close', (event) => {
      clearTimeout(this.#saving);
      this.#save();
      if (!this.#options.hidesOnClose()) return;
      event.preventDefault();
      window.hide();
    });
  }

  #maximize(): void {
    this.#opensMaximized = false;
    this.window.maximize();
  }

  #save(): void {
    if (this.window.isDestroyed()) return;
    try {
      this.#options.save({
        ...this.window.getNormalBounds(),
        maximized: this.#opensMaximized || this.window.isMaximized(),
      });
    } catch (error) {
      console.error('The place of the window could not be saved.', error); // a full disk must not keep it open
    }
  }
}
