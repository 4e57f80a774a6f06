import { useSyncExternalStore } from 'react';
import { platform } from '../platform/platform.ts';

/**
 * Whether notices can be shown. `shell`: the desktop app shows them. `insecure`: browsers have none on plain http.
 * `unsupported`: this browser has none at all.
 */
export type NoticePermission = 'shell' | 'granted' | 'denied' | 'default' | 'insecure' | 'unsupported';

function readNoticePermission(): NoticePermission {
  if (platform.bridge) return 'shell';
  if (!window.isSecureContext) return 'insecure';
  return 'Notification' in window ? Notification.permission : 'unsupported';
}

const listeners = new Set<() => void>();

function emit(): void {
  for (const listener of listeners) listener();
}

/** The answer may also be changed in the browser's own settings, while this page is open. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  let status: PermissionStatus | null = null;
  let gone = false;
  void navigator.permissions?.query({ name: 'notifications' }).then((found) => {
    status = found;
    if (!gone) found.addEventListener('change', listener);
  });
  return () => {
    gone = true;
    listeners.delete(listener);
    status?.removeEventListener('change', listener);
  };
}

export function useNoticePermission(): NoticePermission {
  return useSyncExternalStore(subscribe, readNoticePermission);
}

/** Lets the browser ask. Only from a click: asked by themselves, browsers refuse for good. */
export async function askNoticePermission(): Promise<void> {
  await Notification.requestPermission();
  emit();
}
