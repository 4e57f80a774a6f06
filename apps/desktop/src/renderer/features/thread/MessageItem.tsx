import type { Address } from '@tradewind/shared/schemas/message';
import { Bot, ChevronDown, StickyNote } from 'lucide-react';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Ago, Clock } from '../../components/Instant.tsx';
import { join } from '../../components/join.ts';
import type { ThreadMessage } from '../../desk/types.ts';
import { formatFull, formatShort } from '../../i18n/format.ts';
import { useLocale } from '../../i18n/use-format.ts';
import { Attachments } from './Attachments.tsx';
import { DeliveryState } from './DeliveryState.tsx';
import { MailHtml } from './MailHtml.tsx';
import styles from './Message.module.css';
import { PlainText } from './PlainText.tsx';

interface MessageItemProps {
  message: ThreadMessage;
  authorName: string;
  providerName: string;
  /** The author of the message above goes on. */
  continues: boolean;
  /** The message below tells the same state. */
  told: boolean;
  chat: boolean;
  /** Mail shows recipients and its subject on demand. */
  mail: boolean;
}

function toText(address: Address): string {
  return address.name ? `${address.name} <${address.address}>` : address.address;
}

function MailDetails({ message }: { message: ThreadMessage }) {
  const { t } = useTranslation();
  const lines: [string, string][] = [
    [t('thread.from'), message.from ? toText(message.from) : ''],
    [t('thread.to'), message.to.map(toText).join(', ')],
    [t('thread.cc'), message.cc.map(toText).join(', ')],
    [t('thread.subject'), message.subject],
  ];
  return (
    <dl className={styles.details}>
      {lines.map(
        ([name, value]) =>
          value && (
            <div key={name}>
              <dt>{name}</dt>
              <dd dir="auto">{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function Body({ message }: { message: ThreadMessage }) {
  const { t } = useTranslation();
  if (message.deleted) return <p className={styles.gone}>{t('thread.deleted')}</p>;
  return (
    <>
      {message.html ? (
        <MailHtml html={message.html} attachments={message.attachments} />
      ) : (
        message.text && <PlainText text={message.text} />
      )}
      <Attachments attachments={message.attachments} html={message.html} />
    </>
  );
}

function Meta({ message, authorName, mail }: Pick<MessageItemProps, 'message' | 'authorName' | 'mail'>) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [detailed, setDetailed] = useState(false);
  const note = message.kind === 'note';
  return (
    <>
      <div className={styles.meta}>
        {note && <StickyNote size={14} aria-hidden="true" />}
        {message.authorType === 'bot' && <Bot size={14} aria-hidden="true" />}
        <bdi className={join(styles.author, 'ellipsis')}>{authorName}</bdi>
        {note && <span className={styles.kind}>{t('thread.note')}</span>}
        {message.authorType === 'bot' && <span>{t('thread.bot')}</span>}
        {message.urgency !== 'normal' && <span className={styles.urgent}>{t(`thread.${message.urgency}`)}</span>}
        <Clock at={message.sentAt} />
        {message.edits.length > 0 && (
          <span>{t('thread.edited', { time: formatShort(message.edits.at(-1)?.at ?? message.sentAt, locale) })}</span>
        )}
        {mail && !note && (
          <button
            type="button"
            className={styles.detailsToggle}
            aria-label={t('thread.details')}
            title={t('thread.details')}
            aria-expanded={detailed}
            onClick={() => setDetailed(!detailed)}
          >
            <ChevronDown size={14} aria-hidden="true" />
          </button>
        )}
      </div>
      {detailed && <MailDetails message={message} />}
    </>
  );
}

/** One entry of the timeline: a bubble, a note, or a slim line for what the system reports. */
export const MessageItem = memo(function MessageItem(props: MessageItemProps) {
  const { message, authorName, providerName, continues, told, chat, mail } = props;
  const locale = useLocale();
  if (message.kind === 'event' || message.authorType === 'system') {
    return (
      <div className={styles.event} data-message-id={message.id}>
        <span dir="auto">{message.text}</span>
        <Ago at={message.sentAt} />
      </div>
    );
  }
  const note = message.kind === 'note';
  const ours = message.direction === 'out';
  return (
    <article
      className={join(
        styles.message,
        ours ? styles.ours : styles.theirs,
        note && styles.note,
        continues && styles.continued,
      )}
      data-author={message.authorType}
      data-message-id={message.id}
      data-testid="message"
    >
      {continues ? (
        <bdi className="hidden-visually">{authorName}</bdi>
      ) : (
        <Meta message={message} authorName={authorName} mail={mail} />
      )}
      <div className={styles.bubble} title={continues ? formatFull(message.sentAt, locale) : undefined}>
        <Body message={message} />
      </div>
      {ours && !note && !told && <DeliveryState message={message} providerName={providerName} chat={chat} />}
    </article>
  );
});
