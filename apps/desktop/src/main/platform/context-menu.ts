import { clipboard, Menu, type MenuItemConstructorOptions, type WebContents } from 'electron';
import { isOutsideLink } from '../security/navigation.ts';
import type { Words } from '../words.ts';

const SEPARATOR = { type: 'separator' } as const;

/** What of Electron's `context-menu` event decides what is offered. */
interface ClickedPlace {
  linkURL: string;
  isEditable: boolean;
  selectionText: string;
  editFlags: { canUndo: boolean; canRedo: boolean; canCut: boolean; canCopy: boolean; canPaste: boolean };
}

/** The menu of the right mouse button: Electron brings none, and who writes expects to cut and paste. */
export function offerContextMenu(page: WebContents, words: () => Words): void {
  page.on('context-menu', (_event, place) => {
    const items = toContextItems(place, words(), (text) => clipboard.writeText(text));
    if (items.length > 0) Menu.buildFromTemplate(items).popup();
  });
}

/** @returns nothing where there is nothing to do: no menu opens. */
export function toContextItems(
  { linkURL, isEditable, selectionText, editFlags }: ClickedPlace,
  words: Words,
  copyText: (text: string) => void,
): MenuItemConstructorOptions[] {
  const copy = { role: 'copy', label: words.copy, enabled: editFlags.canCopy } as const;
  if (isEditable) {
    return [
      { role: 'undo', label: words.undo, enabled: editFlags.canUndo },
      { role: 'redo', label: words.redo, enabled: editFlags.canRedo },
      SEPARATOR,
      { role: 'cut', label: words.cut, enabled: editFlags.canCut },
      copy,
      { role: 'paste', label: words.paste, enabled: editFlags.canPaste },
      SEPARATOR,
      { role: 'selectAll', label: words.selectAll },
    ];
  }
  // Our own addresses, such as those of files, lead nowhere outside the app.
  const address = isOutsideLink(linkURL) ? linkURL.replace(/^(?:mailto|tel):/, '') : null;
  return [
    ...(address === null ? [] : [{ label: words.copyAddress, click: () => copyText(address) }]),
    ...(selectionText.trim() === '' ? [] : [copy]),
  ];
}
