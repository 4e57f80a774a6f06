import { Ellipsis } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useVisitorTyping } from '../../desk/hooks.ts';
import styles from './Timeline.module.css';

/** Says that the visitor is writing. Its place is always there, so that nothing moves when he begins or stops. */
export function TypingLine({ conversationId, name }: { conversationId: string; name: string }) {
  const { t } = useTranslation();
  const typing = useVisitorTyping(conversationId);
  return (
    <p className={styles.typing} role="status" data-testid="visitor-typing">
      {typing && (
        <>
          <Ellipsis size={16} aria-hidden="true" />
          <span dir="auto" className="ellipsis">
            {t('chat.typing', { name })}
          </span>
        </>
      )}
    </p>
  );
}
