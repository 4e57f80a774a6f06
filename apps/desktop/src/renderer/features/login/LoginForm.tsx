import { Eye, EyeOff } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import fieldStyles from '../../components/Field.module.css';
import { Field } from '../../components/Field.tsx';
import type { LoginOutcome } from '../../session/login-outcome.ts';
import styles from './LoginScreen.module.css';

interface LoginFormProps {
  /** What stands in the field at first. */
  email: string;
  /** Only this agent may log in. */
  fixed?: boolean;
  onLogIn: (email: string, password: string) => Promise<LoginOutcome>;
}

/** Whole seconds left until `untilMs`, counting down. */
function useSecondsLeft(untilMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  const waiting = untilMs > now;
  useEffect(() => {
    if (!waiting) return;
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [waiting]);
  useEffect(() => setNow(Date.now()), []);
  return Math.max(0, Math.ceil((untilMs - now) / 1000));
}

export function LoginForm({ email: initialEmail, fixed = false, onLogIn }: LoginFormProps) {
  const { t } = useTranslation();
  const [email, setEmail] = useState(initialEmail);
  const [password, setPassword] = useState('');
  const [visible, setVisible] = useState(false);
  const [busy, setBusy] = useState(false);
  const [missing, setMissing] = useState<'email' | 'password' | null>(null);
  const [outcome, setOutcome] = useState<LoginOutcome>({ kind: 'ok' });
  const [blockedUntil, setBlockedUntil] = useState(0);
  const secondsLeft = useSecondsLeft(blockedUntil);
  const emailField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);

  useEffect(() => {
    (initialEmail ? passwordField : emailField).current?.focus();
  }, [initialEmail]);

  async function handleSubmit(event: FormEvent) {
    event.preventDefault();
    if (busy || secondsLeft > 0) return;
    const lacking = email.trim() === '' ? 'email' : password === '' ? 'password' : null;
    setMissing(lacking);
    if (lacking) {
      (lacking === 'email' ? emailField : passwordField).current?.focus();
      return;
    }
    setBusy(true);
    setOutcome({ kind: 'ok' });
    const result = await onLogIn(email.trim(), password);
    setBusy(false);
    setOutcome(result);
    if (result.kind === 'limited') setBlockedUntil(Date.now() + result.retryAfterMs);
    if (result.kind === 'wrong') passwordField.current?.select();
  }

  const message =
    outcome.kind === 'wrong'
      ? t('login.wrong')
      : outcome.kind === 'offline'
        ? t('login.offline')
        : outcome.kind === 'failed'
          ? t('login.failed', { detail: outcome.detail })
          : secondsLeft > 0
            ? t('login.limited', { count: secondsLeft })
            : null;

  return (
    <form className={styles.form} onSubmit={(event) => void handleSubmit(event)} noValidate>
      <Field label={t('login.email')} error={missing === 'email' ? t('login.needEmail') : null}>
        {(props) => (
          <input
            {...props}
            ref={emailField}
            className={fieldStyles.input}
            type="email"
            name="email"
            autoComplete="username"
            readOnly={fixed}
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('login.password')} error={missing === 'password' ? t('login.needPassword') : null}>
        {(props) => (
          <span className={styles.password}>
            <input
              {...props}
              ref={passwordField}
              className={fieldStyles.input}
              type={visible ? 'text' : 'password'}
              name="password"
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
            <button
              type="button"
              className={styles.eye}
              aria-label={visible ? t('login.hidePassword') : t('login.showPassword')}
              title={visible ? t('login.hidePassword') : t('login.showPassword')}
              onClick={() => setVisible(!visible)}
            >
              {visible ? <EyeOff size={16} aria-hidden="true" /> : <Eye size={16} aria-hidden="true" />}
            </button>
          </span>
        )}
      </Field>
      <p className={styles.message} role="alert">
        {message}
      </p>
      <Button look="primary" type="submit" className={styles.submit ?? ''} disabled={busy || secondsLeft > 0}>
        {busy ? t('login.submitting') : t('login.submit')}
      </Button>
    </form>
  );
}
