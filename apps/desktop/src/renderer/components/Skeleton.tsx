import { useTranslation } from 'react-i18next';
import styles from './Skeleton.module.css';
import { useDelayed } from './use-delayed.ts';

/** Grey rows of the right height in place of what loads; nothing at all for the first 300 ms. */
export function Skeleton({ rows, height }: { rows: number; height: number }) {
  const { t } = useTranslation();
  const due = useDelayed(true);
  if (!due) return null;
  return (
    <div role="status" className={styles.skeleton}>
      <span className="hidden-visually">{t('common.loading')}</span>
      {Array.from({ length: rows }, (_, index) => (
        <span key={index} className={styles.row} style={{ height }} aria-hidden="true" />
      ))}
    </div>
  );
}
