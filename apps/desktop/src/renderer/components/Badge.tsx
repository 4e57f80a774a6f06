import type { ReactNode } from 'react';
import styles from './Badge.module.css';

/** One or two words on how something stands. */
export function Badge({
  look,
  children,
}: {
  look: 'plain' | 'accent' | 'ok' | 'warn' | 'danger';
  children: ReactNode;
}) {
  return (
    <span className={styles.badge} data-look={look}>
      {children}
    </span>
  );
}
