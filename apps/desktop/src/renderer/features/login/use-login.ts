import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Credentials, LogIn, LoginOutcome } from '../../session/login-outcome.ts';
import { useSecondsLeft } from './use-seconds-left.ts';

export interface LoginAttempts {
  busy: boolean;
  /** Nothing may be tried for so long. */
  secondsLeft: number;
  /** What came of the last attempt, in a sentence. */
  message: string | null;
  /** The password was right, a code is asked for now. */
  needsCode: boolean;
  attempt(credentials: Credentials): Promise<LoginOutcome>;
  startOver(): void;
}

/** The attempts to log in of one form. */
export function useLogin(onLogIn: LogIn): LoginAttempts {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [needsCode, setNeedsCode] = useState(false);
  const [outcome, setOutcome] = useState<LoginOutcome>({ kind: 'ok' });
  const [blockedUntil, setBlockedUntil] = useState(0);
  const secondsLeft = useSecondsLeft(blockedUntil);

  async function attempt(credentials: Credentials): Promise<LoginOutcome> {
    setBusy(true);
    setOutcome({ kind: 'ok' });
    const result = await onLogIn(credentials);
    setBusy(false);
    if (result.kind === 'limited') setBlockedUntil(Date.now() + result.retryAfterMs);
    // The first answer that asks for a code is no failure: nobody had been asked for one.
    const asked = result.kind === 'code' && credentials.code === undefined;
    setOutcome(asked ? { kind: 'ok' } : result);
    if (result.kind === 'code') setNeedsCode(true);
    return result;
  }

  function toMessage(): string | null {
    switch (outcome.kind) {
      case 'wrong':
        return needsCode ? t('setup.login.wrongCode') : t('login.wrong');
      case 'code':
        return t('setup.login.wrongCode');
      case 'offline':
        return t('login.offline');
      case 'silent':
        return t('devices.silent');
      case 'failed':
        return t('login.failed', { detail: outcome.detail });
      case 'limited':
        return secondsLeft > 0 ? t('login.limited', { count: secondsLeft }) : null;
      case 'ok':
        return null;
    }
  }

  return {
    busy,
    secondsLeft,
    message: toMessage(),
    needsCode,
    attempt,
    startOver() {
      setNeedsCode(false);
      setOutcome({ kind: 'ok' });
    },
  };
}
