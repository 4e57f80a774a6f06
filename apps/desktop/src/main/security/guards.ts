import { app, type Session, shell, type WebContents } from 'electron';
import { judgeNavigation, mayDownload } from './navigation.ts';

/**
 * What the page may ask for: copying text, and reaching a server on this machine or network, which newer Chromium asks
 * about. Notices are the shell's, everything else a support console does not need.
 */
const PERMITTED = new Set([
  'clipboard-sanitized-write',
  'fullscreen',
  'local-network',
  'local-network-access',
  'loopback-network',
  'persistent-storage',
]);

/** Every page of the app, whatever made it, stays where it is. */
export function guardContents(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => handleNavigation(contents, event));
    contents.on('will-redirect', (event) => handleNavigation(contents, event));
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame) event.preventDefault(); // the console has no frames
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      follow(contents, url); // a middle click too
      return { action: 'deny' };
    });
  });
}

function handleNavigation(contents: WebContents, event: { url: string; preventDefault(): void }): void {
  if (judgeNavigation(event.url) === 'allow') return;
  event.preventDefault();
  follow(contents, event.url);
}

/** Goes where a link leads, when that is not a page of the console: to a file, or out to the system's browser. */
function follow(contents: WebContents, address: string): void {
  const verdict = judgeNavigation(address);
  if (verdict === 'download') contents.downloadURL(address);
  if (verdict === 'open-outside') void shell.openExternal(address).catch(() => undefined); // no program for it
}

/** Permissions, devices and downloads of the session. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(PERMITTED.has(permission)));
  session.setPermissionCheckHandler((_contents, permission) => PERMITTED.has(permission));
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event, item) => {
    if (!mayDownload(item.getURL())) event.preventDefault();
  });
}
