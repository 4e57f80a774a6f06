import { Star } from 'lucide-react';
import styles from './Stars.module.css';

const MOST = 5;

/** A rating as filled and empty stars; the words stand in the label. */
export function Stars({ score, label, size = 14 }: { score: number; label: string; size?: number }) {
  return (
    <span role="img" aria-label={label} title={label} className={styles.stars}>
      {Array.from({ length: MOST }, (_, index) => (
        <Star key={index} size={size} data-filled={index < score || undefined} aria-hidden="true" />
      ))}
    </span>
  );
}
