import type { Conversation } from '@tradewind/shared/schemas/conversation';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Ago } from '../../components/Instant.tsx';
import { StatusGlyph } from '../../components/StatusGlyph.tsx';
import { titleConversation } from '../../desk/customer-label.ts';
import { useUi } from '../../stores/ui.ts';
import styles from './CustomerPanel.module.css';

const SHOWN = 5;

interface OtherConversationsProps {
  conversations: readonly Conversation[] | undefined;
  exceptId: string;
}

/** What else this customer wrote about. */
export function OtherConversations({ conversations, exceptId }: OtherConversationsProps) {
  const { t } = useTranslation();
  const openConversation = useUi((state) => state.openConversation);
  const setSheetOpen = useUi((state) => state.setSheetOpen);
  const [all, setAll] = useState(false);
  const others = conversations?.filter((conversation) => conversation.id !== exceptId) ?? [];
  const hidden = all ? 0 : others.length - SHOWN;
  return (
    <section className={styles.section} aria-label={t('panel.conversations')}>
      <h3 className={styles.heading}>
        {t('panel.conversations')}
        {others.length > 0 && <span>{others.length}</span>}
      </h3>
      {conversations && others.length === 0 && <p className={styles.none}>{t('panel.noConversations')}</p>}
      <ul>
        {(all ? others : others.slice(0, SHOWN)).map((conversation) => (
          <li key={conversation.id}>
            <button
              type="button"
              className={styles.other}
              onClick={() => {
                openConversation(conversation.id);
                setSheetOpen(false);
              }}
            >
              <StatusGlyph status={conversation.status} size={14} />
              <span className="hidden-visually">{t(`status.${conversation.status}`)}</span>
              <bdi className="ellipsis">
                {conversation.subject || conversation.preview || titleConversation(conversation, '', t)}
              </bdi>
              <Ago at={conversation.lastMessageAt} />
            </button>
          </li>
        ))}
      </ul>
      {hidden > 0 && (
        <button type="button" className={styles.more} onClick={() => setAll(true)}>
          {t('panel.showAll', { count: hidden })}
        </button>
      )}
    </section>
  );
}
