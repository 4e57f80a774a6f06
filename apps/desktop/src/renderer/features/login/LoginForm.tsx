import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { Form } from '../../components/Form.tsx';
import { SecretField } from '../../components/SecretField.tsx';
import { TextField } from '../../components/TextField.tsx';
import type { LogIn } from '../../session/login-outcome.ts';
import { CodeForm } from './CodeForm.tsx';
import { useLogin } from './use-login.ts';

interface LoginFormProps {
  /** What stands in the field at first. */
  email: string;
  /** Only this agent may log in. */
  fixed?: boolean;
  /** Below the button. */
  help?: ReactNode;
  onLogIn: LogIn;
}

/** Address and password, then a code where the account asks for one. */
export function LoginForm({ email: initialEmail, fixed = false, help, onLogIn }: LoginFormProps) {
  const { t } = useTranslation();
  const [email, setEmail] = useState(initialEmail);
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState<'email' | 'password' | null>(null);
  const { busy, secondsLeft, message, needsCode, attempt, startOver } = useLogin(onLogIn);
  const emailField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (!needsCode) (initialEmail ? passwordField : emailField).current?.focus();
  }, [initialEmail, needsCode]);

  async function handleSubmit() {
    if (busy || secondsLeft > 0) return;
    const lacking = email.trim() === '' ? 'email' : password === '' ? 'password' : null;
    setMissing(lacking);
    if (lacking) {
      (lacking === 'email' ? emailField : passwordField).current?.focus();
      return;
    }
    const result = await attempt({ email: email.trim(), password });
    if (result.kind === 'wrong') passwordField.current?.select();
  }

  if (needsCode) {
    return (
      <CodeForm
        busy={busy}
        secondsLeft={secondsLeft}
        message={message}
        onSubmit={(code) => attempt({ email: email.trim(), password, code })}
        onBack={startOver}
      />
    );
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
          {help}
        </>
      }
    >
      <TextField
        label={t('login.email')}
        error={missing === 'email' ? t('login.needEmail') : null}
        ref={emailField}
        type="email"
        name="email"
        autoComplete="username"
        readOnly={fixed}
        value={email}
        onChange={setEmail}
      />
      <SecretField
        label={t('login.password')}
        error={missing === 'password' ? t('login.needPassword') : null}
        ref={passwordField}
        name="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
      />
    </Form>
  );
}
