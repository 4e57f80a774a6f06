import { useCallback, useEffect, useRef, useState } from 'react';
import type { ApiFailure, ApiResult } from './client.ts';

export interface Load<T> {
  /** Undefined until the first answer; stays while it is read again. */
  value: T | undefined;
  /** Why the last attempt came to nothing; null after a success. */
  failure: ApiFailure | null;
  reload(): Promise<void>;
  /** Puts in place what a change answered with. */
  set(value: T): void;
}

/**
 * Reads something of the server now, and every `everyMs` while the page is visible.
 *
 * @param load - must be stable (a module's function, or `useCallback`); another one reads anew.
 */
export function useLoad<T>(load: () => Promise<ApiResult<T>>, everyMs?: number): Load<T> {
  const [value, setValue] = useState<T>();
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  // Answers may overtake one another: only the newest question counts.
  const newest = useRef(0);

  const reload = useCallback(async () => {
    const mine = ++newest.current;
    const result = await load();
    if (mine !== newest.current) return;
    if (result.ok) setValue(result.value);
    setFailure(result.ok ? null : result.failure);
  }, [load]);

  const set = useCallback((next: T) => {
    newest.current++;
    setValue(next);
    setFailure(null);
  }, []);

  useEffect(() => {
    void reload();
    return () => {
      newest.current++;
    };
  }, [reload]);

  useEffect(() => {
    if (everyMs === undefined) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [reload, everyMs]);

  return { value, failure, reload, set };
}
