import { useTranslation } from 'react-i18next';
import { Ago } from '../../components/Instant.tsx';
import { Stars } from '../../components/Stars.tsx';
import styles from './Message.module.css';
import type { Rating } from './timeline.ts';

/** What the customer thought of it, where in the timeline he said so. */
export function RatingLine({ rating, customerName }: { rating: Rating; customerName: string }) {
  const { t } = useTranslation();
  return (
    <div className={styles.rating} data-testid="rating">
      <div className={styles.event}>
        <bdi className="ellipsis">{customerName}</bdi>
        <Stars score={rating.score} label={t('chat.rated', { score: rating.score })} />
        <Ago at={rating.at} />
      </div>
      {rating.comment && (
        <p className={styles.comment} dir="auto">
          {rating.comment}
        </p>
      )}
    </div>
  );
}
