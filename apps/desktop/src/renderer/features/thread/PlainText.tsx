import { memo, type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { splitLinks } from './links.ts';
import styles from './Message.module.css';
import { splitQuotes } from './quotes.ts';

/** A link out of a message: it learns nothing about the desk and cannot reach back into it. */
export function OutLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

function Linked({ text }: { text: string }) {
  return splitLinks(text).map((token, index) =>
    token.href === null ? (
      token.text
    ) : (
      <OutLink key={index} href={token.href}>
        {token.text}
      </OutLink>
    ),
  );
}

/** Quoted history, folded away until somebody wants it. */
export function Quote({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  const label = shown ? t('thread.hideQuoted') : t('thread.showQuoted');
  return (
    <div>
      <button type="button" className={styles.quoteToggle} aria-expanded={shown} onClick={() => setShown(!shown)}>
        <span aria-hidden="true">···</span>
        <span>{label}</span>
      </button>
      {shown && <div className={styles.quote}>{children}</div>}
    </div>
  );
}

/** A plain message: line breaks kept, addresses made links, quotations folded. */
export const PlainText = memo(function PlainText({ text }: { text: string }) {
  const segments = useMemo(() => splitQuotes(text), [text]);
  return segments.map((segment, index) =>
    segment.kind === 'quote' ? (
      <Quote key={index}>
        <div className={styles.text} dir="auto">
          <Linked text={segment.text} />
        </div>
      </Quote>
    ) : (
      <div key={index} className={styles.text} dir="auto">
        <Linked text={segment.text} />
      </div>
    ),
  );
});
