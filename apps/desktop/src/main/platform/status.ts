import type { Presence } from '@tradewind/shared/ipc/bridge';
import { app, type BrowserWindow } from 'electron';
import { fill, type Words } from '../words.ts';
import { type TrayActions, TrayIcon, type TrayState, toImage } from './tray.ts';

const OVERLAY_SIZE = 16;

/** What can be seen of the desk without its window: tray, badge on dock or taskbar. */
export class Status {
  readonly #tray: TrayIcon;
  readonly #findWindow: () => BrowserWindow | null;
  #state: TrayState;

  constructor(words: Words, actions: TrayActions, findWindow: () => BrowserWindow | null) {
    this.#state = { words, presence: 'online', count: 0 };
    this.#findWindow = findWindow;
    this.#tray = new TrayIcon(this.#state, actions);
  }

  get presence(): Presence {
    return this.#state.presence;
  }

  setPresence(presence: Presence): void {
    this.#show({ ...this.#state, presence });
  }

  setWords(words: Words): void {
    this.#show({ ...this.#state, words });
  }

  setCount(count: number): void {
    this.#show({ ...this.#state, count });
    if (process.platform !== 'win32') {
      app.setBadgeCount(count); // answers false on desktops that have no badges; the tray has the number too
      return;
    }
    const overlay = count > 0 ? toImage(OVERLAY_SIZE, { kind: 'count', count }) : null;
    this.#findWindow()?.setOverlayIcon(overlay, count > 0 ? fill(this.#state.words.unread, { count }) : '');
  }

  #show(state: TrayState): void {
    this.#state = state;
    this.#tray.update(state);
  }
}
