import type { Customer } from '@tradewind/shared/schemas/customer';
import { BadgeAlert, Check, Copy, Mail, Phone } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { copyText } from '../../components/copy-text.ts';
import styles from './CustomerPanel.module.css';

function CopyButton({ value }: { value: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const label = copied ? t('common.copied') : `${t('common.copy')} ${value}`;
  return (
    <button
      type="button"
      className={styles.copy}
      aria-label={label}
      title={label}
      onClick={() => void copyText(value).then(setCopied)}
    >
      {copied ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
    </button>
  );
}

/** Anybody may have typed it: a sign and the words, with the consequence on hover and for screen readers. */
export function Unverified() {
  const { t } = useTranslation();
  return (
    <span className={styles.unverified} title={t('chat.notVerifiedHint')}>
      <BadgeAlert size={12} aria-hidden="true" />
      {t('chat.notVerified')}
    </span>
  );
}

function Contact({ icon, value, claimed = false }: { icon: ReactNode; value: string; claimed?: boolean }) {
  return (
    <li className={styles.contact}>
      {icon}
      <bdi className="ellipsis" title={value}>
        {value}
      </bdi>
      {claimed && <Unverified />}
      <CopyButton value={value} />
    </li>
  );
}

/** Where the customer can be reached; what a visitor merely typed comes last, says so, and why that matters. */
export function Contacts({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const mail = <Mail size={14} role="img" aria-label={t('panel.emails')} />;
  const phone = <Phone size={14} role="img" aria-label={t('panel.phones')} />;
  const claimed = customer.identities.filter((identity) => identity.claimed && identity.kind !== 'external');
  return (
    <>
      <ul className={styles.contacts}>
        {customer.emails.map((email) => (
          <Contact key={email} icon={mail} value={email} />
        ))}
        {customer.phones.map((number) => (
          <Contact key={number} icon={phone} value={number} />
        ))}
        {claimed.map(({ kind, value }) => (
          <Contact key={`${kind} ${value}`} icon={kind === 'email' ? mail : phone} value={value} claimed />
        ))}
      </ul>
      {claimed.length > 0 && <p className={styles.explanation}>{t('chat.notVerifiedHint')}</p>}
    </>
  );
}
