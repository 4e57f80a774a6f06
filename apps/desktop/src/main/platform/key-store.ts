import { safeStorage } from 'electron';
import type { KeyStore } from './token-store.ts';

/** Backends that encrypt with a key everybody knows, or nobody asked yet. */
const UNSAFE = new Set(['basic_text', 'unknown']);

/** Keychain, DPAPI or the desktop's key ring. Only after `ready`. */
export const systemKeys: KeyStore = {
  isSafe() {
    if (!safeStorage.isEncryptionAvailable()) return false;
    return process.platform !== 'linux' || !UNSAFE.has(safeStorage.getSelectedStorageBackend());
  },
  encrypt: (text) => safeStorage.encryptString(text),
  decrypt: (encrypted) => safeStorage.decryptString(encrypted),
};
