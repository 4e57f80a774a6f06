import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionForm } from '../../components/ActionForm.tsx';
import { Button } from '../../components/Button.tsx';
import { Callout } from '../../components/Callout.tsx';
import { CardScreen } from '../../components/CardScreen.tsx';
import { TextField } from '../../components/TextField.tsx';
import { askForReset } from '../../desk/api/own-account.ts';
import { useAction } from '../../desk/api/use-action.ts';
import { navigate } from '../../stores/route.ts';

interface ForgotScreenProps {
  /** Whether a connected mailbox can carry the link; null while it is not known. */
  byMail: boolean | null;
  footer: ReactNode;
}

const goToLogin = () => navigate({ kind: 'desk', conversationId: null });

/** The way back for whoever forgot the password: by mail, or by an admin where the desk has no mailbox. */
export function ForgotScreen({ byMail, footer }: ForgotScreenProps) {
  const { t } = useTranslation();
  const [sentTo, setSentTo] = useState<string | null>(null);
  const back = (
    <Button look="quiet" onClick={goToLogin}>
      {t('setup.login.toLogin')}
    </Button>
  );
  return (
    <CardScreen title={t('setup.login.forgotTitle')} footer={footer}>
      {byMail === false && (
        <div className="stack">
          <Callout look="info">
            <p>{t('setup.login.noMail')}</p>
            <p>{t('setup.login.noMailAdmin')}</p>
            <code>npm run admin -- reset name@example.com</code>
          </Callout>
          {back}
        </div>
      )}
      {byMail !== false && sentTo === null && <AskForm onSent={setSentTo} back={back} />}
      {byMail !== false && sentTo !== null && (
        <div className="stack">
          <Callout look="ok" live="status" title={t('setup.login.sentTitle')}>
            <p>{t('setup.login.sent', { email: sentTo })}</p>
          </Callout>
          {back}
        </div>
      )}
    </CardScreen>
  );
}

function AskForm({ onSent, back }: { onSent: (email: string) => void; back: ReactNode }) {
  const { t } = useTranslation();
  const [email, setEmail] = useState('');
  const action = useAction(['email']);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  async function handleSubmit() {
    const address = email.trim();
    if (address === '') return action.refuse({ email: t('login.needEmail') });
    if (await action.run(() => askForReset(address))) onSent(address);
  }

  return (
    <ActionForm wide action={action} submit={t('setup.login.sendLink')} beside={back} onSubmit={handleSubmit}>
      <TextField
        label={t('login.email')}
        hint={t('setup.login.forgotHint')}
        error={action.errorOf('email')}
        ref={field}
        type="email"
        name="email"
        autoComplete="username"
        value={email}
        onChange={setEmail}
      />
    </ActionForm>
  );
}
