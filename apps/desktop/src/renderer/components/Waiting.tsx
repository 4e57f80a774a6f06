import { LoaderCircle } from 'lucide-react';
import styles from './Waiting.module.css';

/** Something that comes from elsewhere is waited for, in view. */
export function Waiting({ children }: { children: string }) {
  return (
    <p className={styles.waiting}>
      <LoaderCircle size={16} aria-hidden="true" className={styles.turning} />
      {children}
    </p>
  );
}
