import { extname, join, sep } from 'node:path';
import { DESKTOP_ORIGIN } from '@tradewind/shared/ipc/origin';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.mp3': 'audio/mpeg',
};

/**
 * The file of the built console that an address of the app means.
 *
 * @returns null for another host, for what lies outside the folder, and for names no build makes.
 */
export function findAppFile(folder: string, address: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (`${url.protocol}//${url.host}` !== DESKTOP_ORIGIN) return null;
  let name: string;
  try {
    name = decodeURIComponent(url.pathname);
  } catch {
    return null;
  }
  // URL resolves `..`, but not once it is encoded; a backslash parts folders on Windows.
  if (/[\\\0]/.test(name) || name.split('/').includes('..')) return null;
  const path = join(folder, name === '/' ? 'index.html' : name);
  return path.startsWith(folder + sep) ? path : null;
}

export function toContentType(path: string): string {
  return TYPES[extname(path)] ?? 'application/octet-stream';
}
