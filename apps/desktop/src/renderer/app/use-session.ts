import { useCallback, useEffect, useState } from 'react';
import type { ApiResult } from '../desk/api/client.ts';
import type { Desk } from '../desk/types.ts';
import type { Credentials, LoginOutcome } from '../session/login-outcome.ts';
import { type Entrance, enterDesk, logInToDesk, type Restored, restoreDesk } from '../session/session.ts';
import { navigate, type Route } from '../stores/route.ts';
import { useUi } from '../stores/ui.ts';

export type Session = { kind: 'restoring' } | Restored | { kind: 'failed'; error: unknown };

export interface SessionActions {
  session: Session;
  logIn(credentials: Credentials): Promise<LoginOutcome>;
  /** Comes in by a link, and goes on at `next`. */
  enter(entrance: Entrance, next: Route): Promise<ApiResult<Desk | null>>;
  logOut(desk: Desk, options: { erase: boolean }): Promise<void>;
  /** To the log-in, from a device that was erased. */
  startOver(): void;
}

/** Who is at the desk, and the ways in and out. */
export function useSession(): SessionActions {
  const [session, setSession] = useState<Session>({ kind: 'restoring' });

  const desk = session.kind === 'in' ? session.desk : null;
  useEffect(
    () =>
      desk?.onErased((reason) => {
        useUi.getState().reset();
        setSession({ kind: 'erased', reason });
      }),
    [desk],
  );

  useEffect(() => {
    restoreDesk().then(setSession, (error: unknown) => setSession({ kind: 'failed', error }));
  }, []);

  const logIn = useCallback(async (credentials: Credentials): Promise<LoginOutcome> => {
    try {
      const result = await logInToDesk(credentials);
      if (result.kind === 'ok') setSession({ kind: 'in', desk: result.desk });
      return result;
    } catch (error) {
      setSession({ kind: 'failed', error });
      return { kind: 'ok' };
    }
  }, []);

  const enter = useCallback(async (entrance: Entrance, next: Route): Promise<ApiResult<Desk | null>> => {
    try {
      const result = await enterDesk(entrance);
      if (!result.ok) return result;
      // The link is used up: nobody should come back to it.
      navigate(next, { replace: true });
      useUi.getState().reset();
      if (result.value) setSession({ kind: 'in', desk: result.value });
      return result;
    } catch (error) {
      setSession({ kind: 'failed', error });
      return { ok: true, value: null };
    }
  }, []);

  const logOut = useCallback(async (desk: Desk, options: { erase: boolean }): Promise<void> => {
    await desk.logOut(options);
    useUi.getState().reset();
    navigate({ kind: 'desk', conversationId: null }, { replace: true });
    setSession({ kind: 'out', expiredEmail: null });
  }, []);

  const startOver = useCallback(() => setSession({ kind: 'out', expiredEmail: null }), []);

  return { session, logIn, enter, logOut, startOver };
}
