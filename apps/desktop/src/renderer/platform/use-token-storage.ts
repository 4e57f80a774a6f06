import type { TokenStorage } from '@tradewind/shared/ipc/bridge';
import { useEffect, useState } from 'react';
import { platform } from './platform.ts';

/** Where the desktop app keeps the session token on this system; null in a browser, and until it is known. */
export function useTokenStorage(): TokenStorage | null {
  const [storage, setStorage] = useState<TokenStorage | null>(null);
  useEffect(() => {
    void platform.bridge?.session.state().then((state) => setStorage(state.storage));
  }, []);
  return storage;
}
