import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionForm } from '../../components/ActionForm.tsx';
import { Callout } from '../../components/Callout.tsx';
import { SecretField } from '../../components/SecretField.tsx';
import { changePassword } from '../../desk/api/own-account.ts';
import { useAction } from '../../desk/api/use-action.ts';

const EMPTY = { current: '', password: '' };

/** Another password for oneself. The other devices are logged out by it. */
export function PasswordForm({ email }: { email: string }) {
  const { t } = useTranslation();
  const [values, setValues] = useState(EMPTY);
  const [done, setDone] = useState(false);
  const action = useAction(['current', 'password']);

  async function handleSubmit() {
    setDone(false);
    const missing: Record<string, string> = {};
    if (values.current === '') missing.current = t('login.needPassword');
    if (values.password === '') missing.password = t('setup.login.needNewPassword');
    if (Object.keys(missing).length > 0) return action.refuse(missing);
    if (!(await action.run(() => changePassword(values.current, values.password)))) return;
    setValues(EMPTY);
    setDone(true);
  }

  return (
    <ActionForm action={action} submit={t('people.own.changePassword')} look="plain" onSubmit={handleSubmit}>
      {/* For password managers: whose password this is. */}
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      <SecretField
        label={t('people.own.currentPassword')}
        error={action.errorOf('current')}
        name="current-password"
        autoComplete="current-password"
        value={values.current}
        onChange={(current) => setValues({ ...values, current })}
      />
      <SecretField
        label={t('setup.login.newPassword')}
        hint={t('setup.login.passwordRule')}
        error={action.errorOf('password')}
        name="new-password"
        autoComplete="new-password"
        value={values.password}
        onChange={(password) => setValues({ ...values, password })}
      />
      {done && (
        <Callout look="ok" live="status">
          {t('people.own.passwordChanged')}
        </Callout>
      )}
    </ActionForm>
  );
}
