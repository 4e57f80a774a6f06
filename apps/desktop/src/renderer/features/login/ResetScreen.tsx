import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionForm } from '../../components/ActionForm.tsx';
import { Button } from '../../components/Button.tsx';
import { Callout } from '../../components/Callout.tsx';
import { CardScreen } from '../../components/CardScreen.tsx';
import { SecretField } from '../../components/SecretField.tsx';
import type { ApiResult } from '../../desk/api/client.ts';
import { isLinkSpent } from '../../desk/api/link-spent.ts';
import { useAction } from '../../desk/api/use-action.ts';
import { navigate } from '../../stores/route.ts';

interface ResetScreenProps {
  footer: ReactNode;
  /** Sets the password and opens the desk. */
  onReset: (password: string) => Promise<ApiResult<unknown>>;
}

/** A new password, by a link from a mail or from an admin. */
export function ResetScreen({ footer, onReset }: ResetScreenProps) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const action = useAction(['password']);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  async function handleSubmit() {
    if (password === '') return action.refuse({ password: t('setup.login.needNewPassword') });
    await action.run(() => onReset(password));
  }

  const toLogin = (
    <Button look="quiet" onClick={() => navigate({ kind: 'desk', conversationId: null })}>
      {t('setup.login.toLogin')}
    </Button>
  );
  if (isLinkSpent(action.failure)) {
    return (
      <CardScreen title={t('setup.login.resetTitle')} footer={footer}>
        <div className="stack">
          <Callout look="warn" live="alert" title={t('setup.login.spentTitle')}>
            <p>{t('setup.login.resetSpent')}</p>
          </Callout>
          <Button look="primary" onClick={() => navigate({ kind: 'forgot' })}>
            {t('setup.login.newLink')}
          </Button>
          {toLogin}
        </div>
      </CardScreen>
    );
  }
  return (
    <CardScreen title={t('setup.login.resetTitle')} hint={t('setup.login.resetHint')} footer={footer}>
      <ActionForm wide action={action} submit={t('setup.login.setPassword')} beside={toLogin} onSubmit={handleSubmit}>
        <SecretField
          label={t('setup.login.newPassword')}
          hint={t('setup.login.passwordRule')}
          error={action.errorOf('password')}
          ref={field}
          name="new-password"
          autoComplete="new-password"
          value={password}
          onChange={setPassword}
        />
      </ActionForm>
    </CardScreen>
  );
}
