import type { Attachment } from '@tradewind/shared/schemas/message';
import { ImageOff } from 'lucide-react';
import { memo, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './Message.module.css';
import { renderMailHtml } from './mail-html.ts';

interface MailHtmlProps {
  html: string;
  attachments: readonly Attachment[];
}

/** The body of an HTML mail, in the desk's own type and colours. */
export const MailHtml = memo(function MailHtml({ html, attachments }: MailHtmlProps) {
  const { t } = useTranslation();
  const { content, blockedImages } = useMemo(
    () => renderMailHtml(html, attachments, (alt) => (alt ? t('thread.imageNamed', { name: alt }) : t('thread.image'))),
    [html, attachments, t],
  );
  return (
    <>
      <div className={styles.html} dir="auto">
        {content}
      </div>
      {blockedImages > 0 && (
        <p className={styles.blocked}>
          <ImageOff size={14} aria-hidden="true" />
          {t('thread.imagesBlocked', { count: blockedImages })}
        </p>
      )}
    </>
  );
});
