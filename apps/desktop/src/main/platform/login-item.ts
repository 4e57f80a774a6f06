import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { app } from 'electron';

/** Started by the system, not by a hand: no window yet, only the tray. */
export const HIDDEN_FLAG = '--hidden';

/** Whether Tradewind starts when its user logs in to the system. */
export function startsAtLogin(): boolean {
  if (process.platform === 'linux') return existsSync(autostartPath());
  return app.getLoginItemSettings({ args: startArguments() }).openAtLogin;
}

/** @throws when the desktop's folder cannot be written. */
export function setStartAtLogin(wanted: boolean): void {
  if (process.platform !== 'linux') {
    app.setLoginItemSettings({ openAtLogin: wanted, args: startArguments() });
    return;
  }
  // Electron has nothing for Linux; this is what the desktops agreed on (XDG Desktop Application Autostart).
  const path = autostartPath();
  if (wanted) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, toDesktopEntry([process.env.APPIMAGE ?? process.execPath, ...startArguments()]));
  } else {
    rmSync(path, { force: true });
  }
}

function autostartPath(): string {
  return join(app.getPath('appData'), 'autostart', 'tradewind.desktop');
}

/** Run from its sources, Electron is the program and the app its argument. */
function startArguments(): string[] {
  return [...(app.isPackaged ? [] : [app.getAppPath()]), HIDDEN_FLAG];
}

function toDesktopEntry(command: readonly string[]): string {
  const quoted = command.map((part) => `"${part.replaceAll(/["`$\\]/g, '\\$&').replaceAll('%', '%%')}"`);
  return `[Desktop Entry]\nType=Application\nName=Tradewind\nExec=${quoted.join(' ')}\nTerminal=false\n`;
}
