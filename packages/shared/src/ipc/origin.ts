/**
 * Where the desktop app serves the console from. The local store belongs to this origin: with another scheme or host
 * every agent would start with an empty replica and lose what waits to be sent.
 */
export const DESKTOP_SCHEME = 'app';
export const DESKTOP_ORIGIN = 'app://desk';
