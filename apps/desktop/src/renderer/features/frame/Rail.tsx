import { Inbox, Keyboard, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../components/Button.tsx';
import { Mark } from '../../components/Mark.tsx';
import { useProblems } from '../../desk/hooks.ts';
import { useUi } from '../../stores/ui.ts';
import { PresenceMenu } from './PresenceMenu.tsx';
import styles from './Rail.module.css';

/** The window's left edge: the areas of the product above, this agent's own things below. */
export function Rail({ settings }: { settings: ReactNode }) {
  const { t } = useTranslation();
  const problems = useProblems();
  const showDialog = useUi((state) => state.showDialog);
  const openConversation = useUi((state) => state.openConversation);
  return (
    <nav className={styles.rail} aria-label={t('nav.main')}>
      <Mark size={28} />
      <button
        type="button"
        className={styles.area}
        aria-current="page"
        aria-label={t('nav.desk')}
        title={t('nav.desk')}
        onClick={() => openConversation(null)}
      >
        <Inbox size={20} strokeWidth={1.75} aria-hidden="true" />
      </button>
      <span className={styles.space} />
      {problems.length > 0 && (
        <IconButton
          className={styles.problems ?? ''}
          label={t('nav.problems', { count: problems.length })}
          onClick={() => showDialog('problems')}
        >
          <TriangleAlert size={20} strokeWidth={1.75} aria-hidden="true" />
          <span className={styles.badge} aria-hidden="true">
            {problems.length}
          </span>
        </IconButton>
      )}
      <IconButton label={t('nav.shortcuts')} shortcut="?" onClick={() => showDialog('shortcuts')}>
        <Keyboard size={20} strokeWidth={1.75} aria-hidden="true" />
      </IconButton>
      {settings}
      <PresenceMenu />
    </nav>
  );
}
