import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionForm } from '../../components/ActionForm.tsx';
import { Button } from '../../components/Button.tsx';
import { Callout } from '../../components/Callout.tsx';
import { SecretField } from '../../components/SecretField.tsx';
import { TextField } from '../../components/TextField.tsx';
import type { ApiResult } from '../../desk/api/client.ts';
import { useAction } from '../../desk/api/use-action.ts';

export interface FirstAdmin {
  code: string;
  email: string;
  name: string;
  password: string;
}

interface AdminStepProps {
  /** From the link the server printed; empty when it has to be typed. */
  code: string;
  onMake: (admin: FirstAdmin) => Promise<ApiResult<unknown>>;
  /** The desk turned out to have an admin: somebody else was faster. */
  onTaken: () => void;
}

const FIELDS = ['code', 'name', 'email', 'password'] as const;

/** The first person of a desk: made by whoever knows the code that was printed where the server was started. */
export function AdminStep({ code: codeOfLink, onMake, onTaken }: AdminStepProps) {
  const { t } = useTranslation();
  const [values, setValues] = useState<FirstAdmin>({ code: codeOfLink, name: '', email: '', password: '' });
  const action = useAction(FIELDS);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const isTaken = action.failure?.kind === 'refused' && action.failure.type === 'urn:tradewind:conflict';

  function fieldOf(key: keyof FirstAdmin) {
    return {
      name: key,
      value: values[key],
      error: action.errorOf(key),
      onChange: (value: string) => setValues({ ...values, [key]: value }),
    };
  }

  async function handleSubmit() {
    const missing = FIELDS.filter((key) => values[key].trim() === '');
    if (missing.length > 0) {
      return action.refuse(Object.fromEntries(missing.map((key) => [key, t('setup.says.required')])));
    }
    await action.run(() =>
      onMake({ ...values, code: values.code.trim(), name: values.name.trim(), email: values.email.trim() }),
    );
  }

  if (isTaken) {
    return (
      <div className="stack">
        <Callout look="info" live="alert" title={t('setup.guide.takenTitle')}>
          <p>{t('setup.guide.taken')}</p>
        </Callout>
        <Button look="primary" onClick={onTaken}>
          {t('setup.login.toLogin')}
        </Button>
      </div>
    );
  }
  return (
    <ActionForm
      action={action}
      submit={action.busy ? t('setup.guide.making') : t('setup.guide.makeAdmin')}
      onSubmit={handleSubmit}
    >
      {/* With a link the code is known: it is asked for again only when the server refuses it. */}
      {(codeOfLink === '' || action.errorOf('code') !== null) && (
        <TextField
          {...fieldOf('code')}
          ref={codeOfLink === '' ? first : undefined}
          label={t('setup.guide.code')}
          hint={t('setup.guide.codeHint')}
          mono
          autoCapitalize="none"
          placeholder="xxxx-xxxx-xxxx-xxxx"
        />
      )}
      <TextField
        {...fieldOf('name')}
        ref={codeOfLink === '' ? undefined : first}
        label={t('setup.guide.yourName')}
        hint={t('setup.guide.yourNameHint')}
        autoComplete="name"
      />
      <TextField {...fieldOf('email')} label={t('login.email')} type="email" autoComplete="username" />
      <SecretField
        {...fieldOf('password')}
        label={t('login.password')}
        hint={t('setup.login.passwordRule')}
        autoComplete="new-password"
      />
    </ActionForm>
  );
}
