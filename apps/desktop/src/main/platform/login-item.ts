import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { app } from 'electron';

/** Started by the system, not by a hand: no window yet, only the tray. */
export const HIDDEN_FLAG = '--hidden';

/** Whether Tradewind starts when its user logs in to the system. */
export function startsAtLogin(): boolean {
  if (process.platform === 'linux') return existsSync(autostartPath());
  return app.getLoginItemSettings({ args: [HIDDEN_FLAG] }).openAtLogin;
}

/** @throws when the desktop's folder cannot be written. */
export function setStartAtLogin(wanted: boolean): void {
  if (process.platform !== 'linux') {
    app.setLoginItemSettings({ openAtLogin: wanted, args: [HIDDEN_FLAG] });
    return;
  }
  // Electron has nothing for Linux; this is what the desktops agreed on (XDG Desktop Application Autostart).
  const path = autostartPath();
  if (wanted) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, toDesktopEntry(process.env.APPIMAGE ?? process.execPath));
  } else {
    rmSync(path, { force: true });
  }
}

function autostartPath(): string {
  return join(app.getPath('appData'), 'autostart', 'tradewind.desktop');
}

function toDesktopEntry(program: string): string {
  const quoted = program.replaceAll(/["`$\\]/g, '\\$&').replaceAll('%', '%%');
  return `[Desktop Entry]\nType=Application\nName=Tradewind\nExec="${quoted}" ${HIDDEN_FLAG}\nTerminal=false\n`;
}
