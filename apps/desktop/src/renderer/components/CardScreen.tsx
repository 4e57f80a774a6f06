import { type ReactNode, useEffect, useRef } from 'react';
import styles from './CardScreen.module.css';
import { Mark } from './Mark.tsx';

interface CardScreenProps {
  title: string;
  hint?: ReactNode;
  children: ReactNode;
  /** Below the card: language and theme, the server. */
  footer?: ReactNode;
  /** Above the card: what does not work here. */
  notice?: ReactNode;
}

/** A screen of one card in the middle of the window: before anybody is at the desk. */
export function CardScreen({ title, hint, children, footer, notice }: CardScreenProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // A form puts the cursor into its first field itself; a screen without one is read from its title.
    if (document.activeElement === document.body) heading.current?.focus();
  }, []);
  return (
    <main className={styles.screen}>
      {notice}
      <div className={styles.card}>
        <Mark size={40} />
        <h1 className={styles.title} ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {hint && <p className={styles.hint}>{hint}</p>}
        <div className={styles.body}>{children}</div>
      </div>
      <div className={styles.footer}>{footer}</div>
    </main>
  );
}
