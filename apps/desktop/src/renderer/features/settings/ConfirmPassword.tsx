import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionForm } from '../../components/ActionForm.tsx';
import { SecretField } from '../../components/SecretField.tsx';
import type { ApiResult } from '../../desk/api/client.ts';
import { useAction } from '../../desk/api/use-action.ts';

interface ConfirmPasswordProps<T> {
  submit: string;
  onConfirm: (password: string) => Promise<ApiResult<T>>;
  onDone: (value: T) => void;
}

/** Asks for the own password before something that weighs. */
export function ConfirmPassword<T>({ submit, onConfirm, onDone }: ConfirmPasswordProps<T>) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const action = useAction(['password']);

  async function handleSubmit() {
    if (password === '') return action.refuse({ password: t('login.needPassword') });
    const done = await action.run(() => onConfirm(password));
    if (done) onDone(done.value);
  }

  return (
    <ActionForm action={action} submit={submit} onSubmit={handleSubmit}>
      <SecretField
        label={t('people.own.currentPassword')}
        error={action.errorOf('password')}
        name="current-password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
      />
    </ActionForm>
  );
}
