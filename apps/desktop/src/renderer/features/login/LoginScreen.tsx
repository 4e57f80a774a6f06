import { Languages } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { Mark } from '../../components/Mark.tsx';
import { Menu } from '../../components/Menu.tsx';
import type { LoginOutcome } from '../../session/login-outcome.ts';
import { LoginForm } from './LoginForm.tsx';
import styles from './LoginScreen.module.css';

interface LoginScreenProps {
  /** The agent whose session ended while the window was closed. */
  expiredEmail: string | null;
  /** Language and theme, as entries of a menu. */
  look: ReactNode;
  onLogIn: (email: string, password: string) => Promise<LoginOutcome>;
}

export function LoginScreen({ expiredEmail, look, onLogIn }: LoginScreenProps) {
  const { t } = useTranslation();
  return (
    <main className={styles.screen}>
      <div className={styles.card}>
        <Mark size={40} />
        <h1 className={styles.title}>{t('login.title')}</h1>
        <p className={styles.name}>
          {expiredEmail === null ? t('app.name') : t('login.lockedHint', { email: expiredEmail })}
        </p>
        <LoginForm email={expiredEmail ?? ''} onLogIn={onLogIn} />
      </div>
      <div className={styles.look}>
        <Menu
          trigger={
            <Button look="quiet" icon={<Languages size={16} aria-hidden="true" />}>
              {t('settings.language')} · {t('settings.theme')}
            </Button>
          }
        >
          {look}
        </Menu>
      </div>
    </main>
  );
}
