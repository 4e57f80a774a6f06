import type { ShellEvent } from '@tradewind/shared/ipc/bridge';
import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { Words } from '../words.ts';

type MenuCommand = Extract<ShellEvent, { type: 'menu' }>['command'];
type Items = MenuItemConstructorOptions[];

const SEPARATOR = { type: 'separator' } as const;

/** The application menu in the console's language. Roles get our words: the system's would be in the system's language. */
export function showMenu(words: Words, tell: (command: MenuCommand) => void): void {
  const isMac = process.platform === 'darwin';
  const item = (label: string, command: MenuCommand, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => tell(command),
    ...(accelerator === undefined ? {} : { accelerator }),
  });
  const quit: MenuItemConstructorOptions = { role: 'quit', label: words.quit };
  const settings = item(words.settings, 'settings', 'CommandOrControl+,');
  const appMenu: Items = [
    { role: 'about', label: words.about },
    SEPARATOR,
    settings,
    SEPARATOR,
    { role: 'hide', label: words.hide },
    { role: 'hideOthers', label: words.hideOthers },
    SEPARATOR,
    quit,
  ];
  const fileMenu: Items = [
    item(words.newConversation, 'new-conversation'),
    SEPARATOR,
    item(words.servers, 'servers'),
    item(words.logOut, 'log-out'),
    SEPARATOR,
    ...(isMac ? [] : [settings, SEPARATOR]),
    { role: 'close', label: words.close },
    ...(isMac ? [] : [quit]),
  ];
  const helpMenu: Items = [
    item(words.shortcuts, 'shortcuts'),
    ...(isMac ? [] : ([SEPARATOR, { role: 'about', label: words.about }] as const)),
  ];
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(isMac ? [{ label: app.name, submenu: appMenu }] : []),
      { label: words.file, submenu: fileMenu },
      { label: words.edit, submenu: editMenu(words) },
      { label: words.view, submenu: viewMenu(words) },
      { role: 'window', label: words.window, submenu: [{ role: 'minimize', label: words.minimize }] },
      { role: 'help', label: words.help, submenu: helpMenu },
    ]),
  );
}

function editMenu(words: Words): Items {
  return [
    { role: 'undo', label: words.undo },
    { role: 'redo', label: words.redo },
    SEPARATOR,
    { role: 'cut', label: words.cut },
    { role: 'copy', label: words.copy },
    { role: 'paste', label: words.paste },
    { role: 'selectAll', label: words.selectAll },
  ];
}

function viewMenu(words: Words): Items {
  return [
    { role: 'reload', label: words.reload },
    SEPARATOR,
    { role: 'resetZoom', label: words.resetZoom },
    { role: 'zoomIn', label: words.zoomIn },
    { role: 'zoomOut', label: words.zoomOut },
    SEPARATOR,
    { role: 'togglefullscreen', label: words.fullScreen },
    ...(app.isPackaged ? [] : ([SEPARATOR, { role: 'toggleDevTools', label: words.developer }] as const)),
  ];
}
