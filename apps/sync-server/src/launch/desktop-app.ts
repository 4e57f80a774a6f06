import { spawn } from 'node:child_process';

export interface DesktopAppOptions {
  /** Electron's program. */
  program: string;
  /** The folder of the app: its manifest names the built main script. */
  app: string;
  /** The server, or a link to a place in its console. */
  link: string;
  /** The folder of the app's profile: not the person's own, whose desk may be another one. */
  profile: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Ends the app. */
  signal: AbortSignal;
}

/** An Electron that cannot run here (no sandbox, missing libraries) ends at once. */
const SETTLED_AFTER_MS = 3_000;

/**
 * Opens the console in Electron.
 *
 * @returns false when it does not run here.
 */
export function openDesktopApp({
  program,
  app,
  link,
  profile,
  signal,
  ...options
}: DesktopAppOptions): Promise<boolean> {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = options.env;
  // Chromium refuses to sandbox for root, as whom only containers and trials run.
  const flags = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return new Promise((resolve) => {
    const child = spawn(program, [...flags, app], {
      stdio: 'ignore',
      env: { ...env, TRADEWIND_SERVER: link, TRADEWIND_PROFILE: profile },
      signal,
    });
    const timer = setTimeout(() => resolve(true), SETTLED_AFTER_MS);
    const settle = (isOpen: boolean) => {
      clearTimeout(timer);
      resolve(isOpen);
    };
    child.once('error', () => settle(false)); // also the end we ask for ourselves
    child.once('exit', (code) => settle(code === 0)); // 0: an app that was open already has taken over
    child.unref();
  });
}
