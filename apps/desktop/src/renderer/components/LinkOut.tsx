import { ExternalLink } from 'lucide-react';
import styles from './LinkOut.module.css';

/** A page elsewhere, opened beside this one. */
export function LinkOut({ href, children }: { href: string; children: string }) {
  return (
    <a className={styles.link} href={href} target="_blank" rel="noopener noreferrer">
      {children}
      <ExternalLink size={14} aria-hidden="true" />
    </a>
  );
}
