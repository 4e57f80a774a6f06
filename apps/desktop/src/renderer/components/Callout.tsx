import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './Callout.module.css';

const ICONS = { info: Info, ok: CircleCheck, warn: TriangleAlert, danger: CircleAlert } as const;

interface CalloutProps {
  look: keyof typeof ICONS;
  title?: string;
  children?: ReactNode;
  /** Read aloud when it appears. */
  live?: 'status' | 'alert';
  action?: ReactNode;
}

/** Something to know, said in a box of its own: a sign, words, and never the colour alone. */
export function Callout({ look, title, children, live, action }: CalloutProps) {
  const Icon = ICONS[look];
  return (
    <div className={styles.callout} data-look={look} role={live}>
      <Icon size={16} aria-hidden="true" className={styles.icon} />
      <div className={styles.text}>
        {title && <p className={styles.title}>{title}</p>}
        {children}
      </div>
      {action}
    </div>
  );
}
