import type { Store } from '../common/store.ts';

const TOKEN = 'token';
const TOKEN_BYTES = 32;

/** Random bytes as base64url; works on plain http too, where `randomUUID` does not. */
export function createId(bytes = 16): string {
  const text = String.fromCharCode(...crypto.getRandomValues(new Uint8Array(bytes)));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The secret that makes this browser the same visitor next time; made here when there is none yet. */
export function readToken(store: Store): string {
  return store.get(TOKEN) ?? renewToken(store);
}

/** From now on this browser is a visitor nobody has met. */
export function renewToken(store: Store): string {
  const token = createId(TOKEN_BYTES);
  keepToken(store, token);
  return token;
}

export function keepToken(store: Store, token: string): void {
  store.set(TOKEN, token);
}

export const isTokenKey = (key: string) => key === TOKEN;

/**
 * The part of the store for one person on a shared browser: what is kept for one is never shown to another. The identity
 * is only read here; the desk verifies it.
 */
export function toOwner(identity: string | null): string {
  const subject = identity === null ? null : readSubject(identity);
  return subject === null ? 'anonymous/' : `user:${encodeURIComponent(subject)}/`;
}

function readSubject(jwt: string): string | null {
  try {
    const [, claims = ''] = jwt.split('.');
    const bytes = Uint8Array.from(atob(claims.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
    const { sub } = JSON.parse(new TextDecoder().decode(bytes)) as { sub?: unknown };
    return typeof sub === 'string' ? sub : null;
  } catch {
    return null;
  }
}
