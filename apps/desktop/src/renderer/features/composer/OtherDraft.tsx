import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { useOtherDraft } from '../../desk/hooks.ts';
import type { ComposerMode } from '../../desk/types.ts';
import { useDesk } from '../../session/desk-context.ts';
import styles from './OtherDraft.module.css';

interface OtherDraftProps {
  conversationId: string;
  mode: ComposerMode;
  /** Puts text behind what stands in the field. */
  onInsert(text: string): void;
}

/** Two devices of this agent wrote at once: one text is in the field, the other one here, until the agent has chosen. */
export function OtherDraft({ conversationId, mode, onInsert }: OtherDraftProps) {
  const { t } = useTranslation();
  const desk = useDesk();
  const other = useOtherDraft(conversationId, mode);
  if (other === null) return null;
  const drop = () => void desk.dropOtherDraft(conversationId, mode);
  return (
    <section className={styles.other} aria-label={t('composer.otherDraft')}>
      <p className={styles.title}>{t('composer.otherDraft')}</p>
      <p className={styles.text} dir="auto">
        {other}
      </p>
      <div className={styles.choices}>
        <Button
          onClick={() => {
            onInsert(other);
            drop();
          }}
        >
          {t('composer.insertOther')}
        </Button>
        <Button look="quiet" onClick={drop}>
          {t('composer.dropOther')}
        </Button>
      </div>
    </section>
  );
}
