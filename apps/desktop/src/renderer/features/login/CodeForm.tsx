import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { Form } from '../../components/Form.tsx';
import { TextField } from '../../components/TextField.tsx';
import type { LoginOutcome } from '../../session/login-outcome.ts';

interface CodeFormProps {
  busy: boolean;
  secondsLeft: number;
  message: string | null;
  onSubmit: (code: string) => Promise<LoginOutcome>;
  onBack: () => void;
}

/** The second step of a log-in: a code of the authenticator app, or a recovery code. */
export function CodeForm({ busy, secondsLeft, message, onSubmit, onBack }: CodeFormProps) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  async function handleSubmit() {
    if (busy || secondsLeft > 0) return;
    setMissing(code.trim() === '');
    if (code.trim() === '') return field.current?.focus();
    const result = await onSubmit(code.trim());
    if (result.kind !== 'ok') field.current?.select();
  }

  return (
    <Form
      wide
      message={message}
      onSubmit={() => void handleSubmit()}
      actions={
        <>
          <Button look="primary" type="submit" disabled={busy || secondsLeft > 0}>
            {busy ? t('login.submitting') : t('login.submit')}
          </Button>
          <Button look="quiet" onClick={onBack}>
            {t('setup.login.back')}
          </Button>
        </>
      }
    >
      <TextField
        label={t('setup.login.code')}
        hint={t('setup.login.codeHint')}
        error={missing ? t('setup.login.needCode') : null}
        ref={field}
        mono
        name="code"
        autoComplete="one-time-code"
        autoCapitalize="none"
        value={code}
        onChange={setCode}
      />
    </Form>
  );
}
