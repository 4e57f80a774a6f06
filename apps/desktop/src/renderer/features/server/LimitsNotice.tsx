import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { Callout } from '../../components/Callout.tsx';
import { platform } from '../../platform/platform.ts';
import { usePreferences } from '../../stores/preferences.ts';
import styles from './LimitsNotice.module.css';

/** Browsers keep much of what they can from pages that came without encryption (https://w3c.github.io/webappsec-secure-contexts/). */
function isLimited(): boolean {
  return platform.bridge === null && !window.isSecureContext;
}

const LIMITS = [
  'setup.limits.open',
  'setup.limits.offline',
  'setup.limits.notices',
  'setup.limits.tabs',
  'setup.limits.storage',
] as const;

/** What does not work because this page came over plain http, why, and what to do. Nothing where it came safely. */
export function Limits() {
  const { t } = useTranslation();
  if (!isLimited()) return null;
  return (
    <Callout look="warn" title={t('setup.limits.title')}>
      <LimitsText />
    </Callout>
  );
}

/** The same above the desk, until it was read once on this device. */
export function LimitsNotice() {
  const { t } = useTranslation();
  const dismissed = usePreferences((state) => state.limitsDismissed);
  const dismiss = usePreferences((state) => state.dismissLimits);
  if (!isLimited() || dismissed) return null;
  return (
    <section className={styles.notice} aria-label={t('setup.limits.title')}>
      <Callout
        look="warn"
        title={t('setup.limits.title')}
        action={<Button onClick={dismiss}>{t('setup.limits.dismiss')}</Button>}
      >
        <details>
          <summary>{t('setup.limits.what')}</summary>
          <LimitsText />
        </details>
      </Callout>
    </section>
  );
}

function LimitsText() {
  const { t } = useTranslation();
  return (
    <>
      <p>{t('setup.limits.why', { origin: window.location.origin })}</p>
      <ul className={styles.list}>
        {LIMITS.map((key) => (
          <li key={key}>{t(key)}</li>
        ))}
      </ul>
      <p>{t('setup.limits.help', { file: 'docs/deployment.md' })}</p>
    </>
  );
}
