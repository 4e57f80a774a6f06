import { app, type Session, shell, type WebContents } from 'electron';
import { isOutsideLink, judgeNavigation, mayDownload } from './navigation.ts';

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

/** Asks the system to open a link of the page, when it is one that starts no program. */
function openOutside(address: string): void {
  if (isOutsideLink(address)) void shell.openExternal(address);
}

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
      openOutside(url);
      return { action: 'deny' };
    });
  });
}

function handleNavigation(contents: WebContents, event: { url: string; preventDefault(): void }): void {
  const verdict = judgeNavigation(event.url);
  if (verdict === 'allow') return;
  event.preventDefault();
  if (verdict === 'download') contents.downloadURL(event.url);
  if (verdict === 'open-outside') openOutside(event.url);
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
