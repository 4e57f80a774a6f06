import type { DesktopBridge, KnownServer } from '@tradewind/shared/ipc/bridge';
import { useCallback, useEffect, useState } from 'react';

export interface Servers {
  /** Undefined while they are being read. */
  servers: readonly KnownServer[] | undefined;
  current: string | null;
  forget(origin: string): Promise<void>;
}

/** The servers this device has worked with, as the shell remembers them. */
export function useServers(bridge: DesktopBridge): Servers {
  const [list, setList] = useState<{ servers: readonly KnownServer[]; current: string | null }>();
  useEffect(() => {
    let gone = false;
    void bridge.servers.list().then((next) => !gone && setList(next));
    return () => {
      gone = true;
    };
  }, [bridge]);
  const forget = useCallback(
    async (origin: string) => {
      await bridge.servers.forget(origin);
      setList(await bridge.servers.list());
    },
    [bridge],
  );
  return { servers: list?.servers, current: list?.current ?? null, forget };
}
