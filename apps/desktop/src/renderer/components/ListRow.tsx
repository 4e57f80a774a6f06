import type { ReactNode } from 'react';
import styles from './ListRow.module.css';

/** A card of rows. */
export function Rows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className={styles.rows} aria-label={label}>
      {children}
    </ul>
  );
}

interface ListRowProps {
  icon?: ReactNode;
  title: string;
  detail?: ReactNode;
  badges?: ReactNode;
  action?: ReactNode;
  /** Not in use any more. */
  faded?: boolean;
  /** Below the row, over its whole width. */
  children?: ReactNode;
}

/** One person, device or account: what it is, how it stands, and what can be done. */
export function ListRow({ icon, title, detail, badges, action, faded = false, children }: ListRowProps) {
  return (
    <li className={styles.row} data-faded={faded || undefined}>
      <div className={styles.line}>
        {icon}
        <div className={styles.words}>
          <p className={styles.title}>
            <span className={styles.name}>{title}</span>
            {badges}
          </p>
          {detail && <p className={styles.detail}>{detail}</p>}
        </div>
        {action}
      </div>
      {children}
    </li>
  );
}
