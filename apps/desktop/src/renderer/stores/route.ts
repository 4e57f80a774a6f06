import { useMemo, useSyncExternalStore } from 'react';

export const settingsSections = [
  'account',
  'devices',
  'look',
  'device',
  'desk',
  'people',
  'teams',
  'channels',
  'shops',
  'about',
] as const;
export type SettingsSection = (typeof settingsSections)[number];

/** Where in the console one is. It stands in the address after `#`, so that a reload, a crash or a link comes back to it. */
export type Route =
  | { kind: 'desk'; conversationId: string | null }
  | { kind: 'settings'; section: SettingsSection }
  /** First steps; `code` is what the server printed at its start, null once there is an admin. */
  | { kind: 'setup'; code: string | null }
  | { kind: 'invite'; token: string }
  | { kind: 'reset'; token: string }
  | { kind: 'forgot' }
  | { kind: 'servers' };

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a `%` that encodes nothing, from a link cut off in a mail
  }
}

/** Reads an address; what cannot be read is the desk. */
export function parseRoute(hash: string): Route {
  const [area = '', ...rest] = hash.replace(/^#?\/?/, '').split('/');
  const value = decode(rest.join('/'));
  switch (area) {
    case 'conversation':
      return { kind: 'desk', conversationId: value || null };
    case 'settings':
      return { kind: 'settings', section: settingsSections.find((section) => section === value) ?? 'account' };
    case 'setup':
      return { kind: 'setup', code: value || null };
    case 'invite':
    case 'reset':
      return value ? { kind: area, token: value } : { kind: 'desk', conversationId: null };
    case 'forgot':
    case 'servers':
      return { kind: area };
    default:
      return { kind: 'desk', conversationId: null };
  }
}

export function toHash(route: Route): string {
  switch (route.kind) {
    case 'desk':
      return route.conversationId === null ? '#/' : `#/conversation/${encodeURIComponent(route.conversationId)}`;
    case 'settings':
      return `#/settings/${route.section}`;
    case 'setup':
      return route.code === null ? '#/setup' : `#/setup/${encodeURIComponent(route.code)}`;
    case 'invite':
    case 'reset':
      return `#/${route.kind}/${encodeURIComponent(route.token)}`;
    case 'forgot':
    case 'servers':
      return `#/${route.kind}`;
  }
}

const listeners = new Set<() => void>();

function emit(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) window.addEventListener('popstate', emit);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener('popstate', emit);
  };
}

export function currentRoute(): Route {
  return parseRoute(window.location.hash);
}

/** Goes to a place; `replace` leaves nothing to come back to, as for a link that was used up. */
export function navigate(route: Route, { replace = false } = {}): void {
  const hash = toHash(route);
  if (hash === toHash(currentRoute())) return;
  if (replace) window.history.replaceState(null, '', hash);
  else window.history.pushState(null, '', hash);
  emit();
}

/** Where the page begins when it is loaded anew, as for another server: nothing of it is shown before. */
export function startNextAt(route: Route): void {
  window.history.replaceState(null, '', toHash(route));
}

/** Where a link to a desk leads there: an invitation, a reset, the set-up; anything else is the desk itself. */
export function routeOfLink(address: string): Route {
  const route = parseRoute(URL.parse(address.trim())?.hash ?? '');
  return route.kind === 'invite' || route.kind === 'reset' || route.kind === 'setup'
    ? route
    : { kind: 'desk', conversationId: null };
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => parseRoute(hash), [hash]);
}
