import { Compass, Inbox, Keyboard, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../components/Button.tsx';
import { Mark } from '../../components/Mark.tsx';
import { useDirectory, useProblems } from '../../desk/hooks.ts';
import { currentServer } from '../../platform/platform.ts';
import { useDesk } from '../../session/desk-context.ts';
import { useGuideMarks } from '../../stores/guide.ts';
import { navigate, useRoute } from '../../stores/route.ts';
import { useUi } from '../../stores/ui.ts';
import { PresenceMenu } from './PresenceMenu.tsx';
import styles from './Rail.module.css';

interface RailProps {
  settings: ReactNode;
  /** Back to the desk from wherever one is. */
  onDesk: () => void;
}

/** Whether the guide is worth a place: for admins, from its beginning to its end, and while nothing is connected. */
function useGuideOffer(): boolean {
  const { agent } = useDesk();
  const { started, closed } = useGuideMarks(currentServer() ?? '');
  const { channels, stores } = useDirectory();
  return agent.role === 'admin' && !closed && (started || (channels.length === 0 && stores.length === 0));
}

/** The window's left edge: the areas of the product above, this agent's own things below. */
export function Rail({ settings, onDesk }: RailProps) {
  const { t } = useTranslation();
  const problems = useProblems();
  const showDialog = useUi((state) => state.showDialog);
  const openConversation = useUi((state) => state.openConversation);
  const atDesk = useRoute().kind !== 'settings';
  const offersGuide = useGuideOffer();
  return (
    <nav className={styles.rail} aria-label={t('nav.main')}>
      <Mark size={28} />
      <button
        type="button"
        className={styles.area}
        aria-current={atDesk ? 'page' : undefined}
        aria-label={t('nav.desk')}
        title={t('nav.desk')}
        onClick={() => (atDesk ? openConversation(null) : onDesk())}
      >
        <Inbox size={20} strokeWidth={1.75} aria-hidden="true" />
      </button>
      <span className={styles.space} />
      {offersGuide && (
        <IconButton label={t('setup.guide.open')} onClick={() => navigate({ kind: 'setup', code: null })}>
          <Compass size={20} strokeWidth={1.75} aria-hidden="true" />
        </IconButton>
      )}
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
