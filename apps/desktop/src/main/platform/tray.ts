import type { Presence } from '@tradewind/shared/ipc/bridge';
import { Menu, type NativeImage, nativeImage, Tray } from 'electron';
import { drawIcon, type IconStyle, toBitmap } from '../icons/draw-icon.ts';
import { fill, type Words } from '../words.ts';

export interface TrayState {
  words: Words;
  presence: Presence;
  /** Unread conversations. */
  count: number;
}

export interface TrayActions {
  show(): void;
  setPresence(presence: Presence): void;
  quit(): void;
}

/** Edge of the picture in device-independent pixels. */
const SIZE = process.platform === 'darwin' ? 18 : 16;

/** The drawn icon at the sizes of usual and of dense screens. */
export function toImage(size: number, style: IconStyle): NativeImage {
  const image = nativeImage.createEmpty();
  for (const scaleFactor of [1, 2]) {
    const picture = drawIcon(size * scaleFactor, style);
    image.addRepresentation({ scaleFactor, width: picture.size, height: picture.size, buffer: toBitmap(picture) });
  }
  return image;
}

/** How the desk is, and a way back to the window, where the system has a place for it. */
export class TrayIcon {
  readonly #tray: Tray;
  readonly #actions: TrayActions;

  constructor(state: TrayState, actions: TrayActions) {
    this.#actions = actions;
    this.#tray = new Tray(toTrayImage(state));
    this.#tray.on('click', () => actions.show());
    this.update(state);
  }

  update(state: TrayState): void {
    const { words, presence, count } = state;
    const unread = count > 0 ? [fill(words.unread, { count })] : [];
    this.#tray.setImage(toTrayImage(state));
    this.#tray.setToolTip(['Tradewind', presence === 'away' ? words.away : words.online, ...unread].join(' · '));
    this.#tray.setTitle(count > 0 ? String(count) : '');
    this.#tray.setContextMenu(this.#buildMenu(state));
  }

  #buildMenu({ words, presence }: TrayState): Menu {
    const choice = (label: string, value: Presence) => ({
      label,
      type: 'radio' as const,
      checked: presence === value,
      click: () => this.#actions.setPresence(value),
    });
    return Menu.buildFromTemplate([
      { label: words.show, click: () => this.#actions.show() },
      { type: 'separator' },
      choice(words.online, 'online'),
      choice(words.away, 'away'),
      { type: 'separator' },
      { label: words.quit, click: () => this.#actions.quit() },
    ]);
  }
}

function toTrayImage({ presence, count }: TrayState): NativeImage {
  if (process.platform !== 'darwin') return toImage(SIZE, { kind: 'tray', count, away: presence === 'away' });
  const image = toImage(SIZE, { kind: 'template' });
  image.setTemplateImage(true);
  return image;
}
