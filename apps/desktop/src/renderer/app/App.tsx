import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDelayed } from '../components/use-delayed.ts';
import type { Desk } from '../desk/types.ts';
import { LoginScreen } from '../features/login/LoginScreen.tsx';
import { LookSettings } from '../features/settings/LookSettings.tsx';
import { DeskContext } from '../session/desk-context.ts';
import type { LoginOutcome } from '../session/login-outcome.ts';
import { logInToDesk, type Restored, restoreDesk } from '../session/session.ts';
import { useUi } from '../stores/ui.ts';
import styles from './App.module.css';
import { DeskFrame } from './DeskFrame.tsx';
import { ErrorScreen } from './ErrorScreen.tsx';

type Session = { kind: 'restoring' } | Restored | { kind: 'failed'; error: unknown };

function Restoring() {
  const { t } = useTranslation();
  const due = useDelayed(true);
  return (
    <main className={styles.restoring} role="status">
      {due && t('app.starting')}
    </main>
  );
}

/** Who is at the desk: nobody yet, or one agent with his desk. */
export function App() {
  const { t } = useTranslation();
  const [session, setSession] = useState<Session>({ kind: 'restoring' });

  useEffect(() => {
    restoreDesk().then(setSession, (error: unknown) => setSession({ kind: 'failed', error }));
  }, []);

  const logIn = useCallback(async (email: string, password: string): Promise<LoginOutcome> => {
    try {
      const result = await logInToDesk(email, password);
      if (result.kind === 'ok') setSession({ kind: 'in', desk: result.desk });
      return result;
    } catch (error) {
      setSession({ kind: 'failed', error });
      return { kind: 'ok' };
    }
  }, []);

  const logOut = useCallback(async (desk: Desk, options: { erase: boolean }): Promise<void> => {
    await desk.logOut(options);
    useUi.getState().reset();
    setSession({ kind: 'out', expiredEmail: null });
  }, []);

  if (session.kind === 'restoring') return <Restoring />;
  if (session.kind === 'failed') {
    return (
      <ErrorScreen
        title={t('app.cannotOpen')}
        hint={t('app.cannotOpenHint')}
        action={t('app.tryAgain')}
        detail={session.error instanceof Error ? (session.error.stack ?? session.error.message) : String(session.error)}
        onAction={() => window.location.reload()}
      />
    );
  }
  if (session.kind === 'out') {
    return <LoginScreen expiredEmail={session.expiredEmail} look={<LookSettings />} onLogIn={logIn} />;
  }
  const { desk } = session;
  return (
    <DeskContext value={desk}>
      <DeskFrame onLogIn={logIn} onLogOut={(options) => void logOut(desk, options)} />
    </DeskContext>
  );
}
