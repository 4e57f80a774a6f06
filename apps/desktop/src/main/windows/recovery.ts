import { type BrowserWindow, dialog, type WebContents } from 'electron';
import { isConsolePage } from '../security/navigation.ts';
import { fill, type Words } from '../words.ts';
import { CrashLimit } from './crash-limit.ts';
import { toStartAddress } from './start-address.ts';

export interface RecoveryDeps {
  words(): Words;
  /** The page died; what was told to it waits. */
  onGone(): void;
  quit(): void;
}

/** A page busy for that long will not come back by itself. */
const HUNG_AFTER_MS = 20_000;

/**
 * Brings a page that crashed or hangs back to the address it stood at, which names the conversation; what was being
 * written lies in the page's own store.
 */
export function recoverPage(window: BrowserWindow, deps: RecoveryDeps): void {
  const limit = new CrashLimit();
  const { webContents } = window;
  let hung: NodeJS.Timeout | undefined;
  const stopWaiting = () => clearTimeout(hung);

  webContents.on('render-process-gone', (_event, { reason }) => {
    stopWaiting();
    deps.onGone();
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    if (limit.allows(Date.now())) void reload(webContents);
    else void ask(window, deps, () => limit.reset());
  });
  window.on('unresponsive', () => {
    stopWaiting();
    hung = setTimeout(() => webContents.forcefullyCrashRenderer(), HUNG_AFTER_MS);
  });
  window.on('responsive', stopWaiting);
  window.on('closed', stopWaiting);
}

/** Loads the same address again; where the page died before it had one, the first. */
function reload(page: WebContents): Promise<void> {
  const address = isConsolePage(page.getURL()) ? page.getURL() : toStartAddress('');
  return page.loadURL(address).catch(() => undefined); // a second crash while loading is an event of its own
}

async function ask(window: BrowserWindow, { words, quit }: RecoveryDeps, reset: () => void): Promise<void> {
  const { crashed, crashedDetail, tryAgain, quit: quitLabel } = words();
  window.show(); // a desk in the tray has died unseen
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: crashed,
    detail: crashedDetail,
    buttons: [tryAgain, quitLabel],
    defaultId: 0,
    cancelId: 1,
  });
  if (window.isDestroyed()) return;
  if (response === 1) return quit();
  reset();
  await reload(window.webContents);
}

/** Says that the settings file was damaged and where it was put. */
export function tellDamaged(words: Words, file: string): void {
  void dialog.showMessageBox({ type: 'warning', message: words.damaged, detail: fill(words.damagedDetail, { file }) });
}
