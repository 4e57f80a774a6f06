import { spawn } from 'node:child_process';

/**
 * Opens the default browser.
 *
 * @returns false when there is none to open: the person is told the address anyway.
 */
export function openBrowser(
  url: string,
  env: Readonly<Record<string, string | undefined>>,
  platform = process.platform,
): Promise<boolean> {
  // Without a screen, xdg-open would start a text browser in our terminal.
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return Promise.resolve(false);
  const [command, ...args] = openCommand(url, platform);
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
    child.once('spawn', () => child.unref());
    // Some openers stay for as long as the browser does.
    setTimeout(() => resolve(true), 3000).unref();
  });
}

function openCommand(url: string, platform: NodeJS.Platform): [string, ...string[]] {
  if (platform === 'darwin') return ['open', url];
  // `start` is a word of the shell; its first quoted argument is a window title.
  if (platform === 'win32') return ['cmd', '/c', 'start', '""', url];
  return ['xdg-open', url];
}
