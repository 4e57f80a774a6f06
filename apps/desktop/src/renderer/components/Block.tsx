import type { ReactNode } from 'react';
import styles from './Block.module.css';

interface BlockProps {
  title: string;
  hint?: ReactNode;
  children: ReactNode;
}

/** One matter of the settings: what it is, what it means, and the controls. */
export function Block({ title, hint, children }: BlockProps) {
  return (
    <section className={styles.block} aria-label={title}>
      <div>
        <h2 className={styles.title}>{title}</h2>
        {hint && <p className={styles.hint}>{hint}</p>}
      </div>
      {children}
    </section>
  );
}
