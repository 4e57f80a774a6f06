import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { CardScreen } from '../../components/CardScreen.tsx';
import { listKept } from '../../desk/session.ts';
import type { LogIn } from '../../session/login-outcome.ts';
import { navigate } from '../../stores/route.ts';
import { KeptAgentList } from './KeptAgentList.tsx';
import { LoginForm } from './LoginForm.tsx';
import { MemoryNote } from './MemoryNote.tsx';

interface LoginScreenProps {
  /** The agent whose session ended while the window was closed. */
  expiredEmail: string | null;
  /** Null while it is not known. */
  deskName: string | null;
  /** Above the form: why somebody with a link ended up here. */
  reason?: ReactNode;
  footer: ReactNode;
  notice: ReactNode;
  onLogIn: LogIn;
}

export function LoginScreen({ expiredEmail, deskName, reason, footer, notice, onLogIn }: LoginScreenProps) {
  const { t } = useTranslation();
  const [kept] = useState(listKept);
  const [email, setEmail] = useState(expiredEmail ?? '');
  return (
    <CardScreen
      title={t('login.title')}
      hint={expiredEmail === null ? (deskName ?? t('app.name')) : t('login.lockedHint', { email: expiredEmail })}
      footer={footer}
      notice={notice}
    >
      {reason}
      {kept.length > 0 && <KeptAgentList kept={kept} chosen={email} onChoose={setEmail} />}
      {expiredEmail !== null && <MemoryNote />}
      <LoginForm
        key={email}
        email={email}
        onLogIn={onLogIn}
        help={
          <Button look="quiet" onClick={() => navigate({ kind: 'forgot' })}>
            {t('setup.login.forgot')}
          </Button>
        }
      />
    </CardScreen>
  );
}
