import type { Customer } from '@tradewind/shared/schemas/customer';
import { useTranslation } from 'react-i18next';
import { nameLanguage } from '../../i18n/names.ts';
import { useLocale } from '../../i18n/use-format.ts';
import styles from './CustomerPanel.module.css';

/** A page's address as a link; what is no web address, or might run something, stays text. */
function Page({ address }: { address: string }) {
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol)) return <bdi>{address}</bdi>;
  return (
    <a href={url.href} target="_blank" rel="noopener noreferrer nofollow" title={address}>
      <bdi>{url.pathname === '/' ? url.host : url.pathname + url.search}</bdi>
    </a>
  );
}

/** Where on the shop's website the visitor was last, and in which language. */
export function WebsiteVisit({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { page } = customer.attributes;
  const language = customer.locale;
  if (!page && !language) return null;
  return (
    <section className={styles.section} aria-label={t('chat.context')}>
      <h3 className={styles.heading}>{t('chat.context')}</h3>
      <dl className={styles.facts}>
        {page && (
          <div>
            <dt>{t('chat.page')}</dt>
            <dd>
              <Page address={page} />
            </dd>
          </div>
        )}
        {language && (
          <div>
            <dt>{t('chat.language')}</dt>
            <dd>{nameLanguage(language, locale)}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}
