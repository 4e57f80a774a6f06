import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiFailure, ApiResult } from './client.ts';
import { toFieldText, toFormText } from './failure-text.ts';

export interface Action {
  busy: boolean;
  /** Another value after each attempt that failed, so that a form can lead to its first wrong field. */
  attempt: number;
  failure: ApiFailure | null;
  /** What is wrong as a whole, beside the fields that say it themselves. */
  message: string | null;
  errorOf(path: string): string | null;
  /** Runs one request at a time. @returns null when it failed, or when one was under way. */
  run<T>(work: () => Promise<ApiResult<T>>): Promise<{ value: T } | null>;
  /** Says what is wrong before anything is sent: a sentence per field. */
  refuse(errors: Readonly<Record<string, string>>): void;
  /** Forgets the last failure. */
  clear(): void;
}

/**
 * One thing that is done on the server: busy, failed, or done.
 *
 * @param paths - fields that show their own errors, by the paths of the request's body.
 */
export function useAction(paths: readonly string[] = []): Action {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const [local, setLocal] = useState<Readonly<Record<string, string>>>({});
  const running = useRef(false);
  const mounted = useRef(true);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);

  const clear = useCallback(() => {
    setFailure(null);
    setLocal({});
  }, []);

  const run = useCallback(
    async <T>(work: () => Promise<ApiResult<T>>): Promise<{ value: T } | null> => {
      if (running.current) return null;
      running.current = true;
      setBusy(true);
      clear();
      try {
        const result = await work();
        if (result.ok) return { value: result.value };
        if (mounted.current) {
          setFailure(result.failure);
          setAttempt((count) => count + 1);
        }
        return null;
      } finally {
        running.current = false;
        if (mounted.current) setBusy(false);
      }
    },
    [clear],
  );

  const refuse = useCallback((errors: Readonly<Record<string, string>>) => {
    setFailure(null);
    setLocal(errors);
    setAttempt((count) => count + 1);
  }, []);

  return {
    busy,
    attempt,
    failure,
    message: failure && toFormText(failure, paths, t),
    errorOf: (path) => local[path] ?? (failure && toFieldText(failure, path, t)),
    run,
    refuse,
    clear,
  };
}
