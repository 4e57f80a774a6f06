import type { CommandReason } from '@tradewind/shared/protocol/commands';
import { useTranslation } from 'react-i18next';
import { Ago } from '../../components/Instant.tsx';
import { useDirectory, useMessages } from '../../desk/hooks.ts';
import type { ThreadMessage } from '../../desk/types.ts';
import styles from './ProblemsDialog.module.css';

interface UnseenMessagesProps {
  conversationId: string;
  reason: Extract<CommandReason, { kind: 'unseen' }>;
}

/** What came while a reply was written: whoever sends it after all has read this. */
export function UnseenMessages({ conversationId, reason }: UnseenMessagesProps) {
  const { t } = useTranslation();
  const messages = useMessages(conversationId) ?? [];
  const { byId } = useDirectory();
  const named = messages.filter(({ id }) => reason.messageIds.includes(id));
  const nameAuthor = ({ authorType, authorId, from }: ThreadMessage) =>
    authorType === 'agent' ? byId.get(authorId ?? '')?.name : from?.name || from?.address;
  return (
    <>
      <p>{t('problems.unseenCount', { count: reason.count })}</p>
      <ul className={styles.unseen} aria-label={t('problems.unseen')}>
        {named.map((message) => (
          <li key={message.id}>
            <strong>
              <bdi>{nameAuthor(message) ?? t('problems.somebody')}</bdi>
            </strong>
            <Ago at={message.sentAt} />
            <p dir="auto">{message.text}</p>
          </li>
        ))}
      </ul>
    </>
  );
}
