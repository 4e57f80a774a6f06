import type { Conversation } from '@tradewind/shared/schemas/conversation';
import { useTranslation } from 'react-i18next';
import { Ago } from '../../components/Instant.tsx';
import { Stars } from '../../components/Stars.tsx';
import styles from './CustomerPanel.module.css';

/** How the customer rated this conversation. */
export function Satisfaction({ satisfaction }: { satisfaction: NonNullable<Conversation['satisfaction']> }) {
  const { t } = useTranslation();
  return (
    <section className={styles.section} aria-label={t('chat.rating')}>
      <h3 className={styles.heading}>{t('chat.rating')}</h3>
      <div className={styles.rating}>
        <Stars size={16} score={satisfaction.score} label={t('chat.rated', { score: satisfaction.score })} />
        <Ago at={satisfaction.at} />
      </div>
      {satisfaction.comment && (
        <p className={styles.comment} dir="auto">
          {satisfaction.comment}
        </p>
      )}
    </section>
  );
}
