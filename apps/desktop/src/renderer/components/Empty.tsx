import type { ReactNode } from 'react';
import styles from './Empty.module.css';

interface EmptyProps {
  icon?: ReactNode;
  title: string;
  hint?: ReactNode;
  children?: ReactNode;
}

/** Says what will appear here, and the one thing to do. */
export function Empty({ icon, title, hint, children }: EmptyProps) {
  return (
    <div className={styles.empty}>
      {icon && <span className={styles.icon}>{icon}</span>}
      <p className={styles.title}>{title}</p>
      {hint && <p className={styles.hint}>{hint}</p>}
      {children}
    </div>
  );
}
