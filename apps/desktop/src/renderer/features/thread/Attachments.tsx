import type { Attachment } from '@tradewind/shared/schemas/message';
import { Download, Paperclip } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { formatBytes } from '../../i18n/format.ts';
import { useLocale } from '../../i18n/use-format.ts';
import { toAttachmentUrl } from './attachment-url.ts';
import styles from './Message.module.css';

/** Formats every browser draws and that carry no script. */
const PICTURES: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
/** A larger one is fetched when somebody asks for it. */
const LARGEST_PREVIEW_BYTES = 10 * 1024 * 1024;

function isPicture({ contentType, sizeBytes, sha256, problem }: Attachment): boolean {
  return PICTURES.includes(contentType) && sizeBytes <= LARGEST_PREVIEW_BYTES && sha256 !== null && !problem;
}

function Picture({ attachment }: { attachment: Attachment }) {
  const { t } = useTranslation();
  const url = toAttachmentUrl(attachment.id);
  return (
    <li>
      <a className={styles.picture} href={url} download={attachment.name} title={attachment.name}>
        <span className="hidden-visually">{t('thread.download')}</span>
        <img src={url} alt={t('thread.imageNamed', { name: attachment.name })} loading="lazy" />
      </a>
    </li>
  );
}

function AttachmentLine({ attachment }: { attachment: Attachment }) {
  const { t } = useTranslation();
  const size = formatBytes(attachment.sizeBytes, useLocale());
  const body = (
    <>
      <Paperclip size={14} aria-hidden="true" />
      <bdi className="ellipsis">{attachment.name}</bdi>
      <span className={styles.size}>{size}</span>
    </>
  );
  if (attachment.problem || attachment.sha256 === null) {
    return (
      <li className={styles.file} title={attachment.problem}>
        {body}
        <span className={styles.fileProblem}>{attachment.problem ?? t('thread.fetching')}</span>
      </li>
    );
  }
  return (
    <li>
      <a className={styles.file} href={toAttachmentUrl(attachment.id)} download={attachment.name}>
        <span className="hidden-visually">{t('thread.download')}</span>
        {body}
        <Download size={14} aria-hidden="true" />
      </a>
    </li>
  );
}

/** Files that came with a message; pictures shown inside the mail are not repeated. */
export function Attachments({ attachments, html }: { attachments: readonly Attachment[]; html: string | null }) {
  const { t } = useTranslation();
  const listed = attachments.filter(
    (attachment) => !attachment.contentId || !html?.includes(attachment.contentId.replace(/^<|>$/g, '')),
  );
  if (listed.length === 0) return null;
  return (
    <ul className={styles.files} aria-label={t('thread.attachments')}>
      {listed.map((attachment) =>
        isPicture(attachment) ? (
          <Picture key={attachment.id} attachment={attachment} />
        ) : (
          <AttachmentLine key={attachment.id} attachment={attachment} />
        ),
      )}
    </ul>
  );
}
