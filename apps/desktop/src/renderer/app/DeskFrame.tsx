import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../components/use-keys.ts';
import { useMedia } from '../components/use-media.ts';
import { useConnection, useQueueCounts } from '../desk/hooks.ts';
import { ConversationList } from '../features/conversations/ConversationList.tsx';
import { ListHeader } from '../features/frame/ListHeader.tsx';
import { QueueColumn } from '../features/frame/QueueColumn.tsx';
import { Rail } from '../features/frame/Rail.tsx';
import { StatusBar } from '../features/frame/StatusBar.tsx';
import { LimitsNotice } from '../features/server/LimitsNotice.tsx';
import { SettingsMenu } from '../features/settings/SettingsMenu.tsx';
import { useShell } from '../notices/use-shell.ts';
import type { LogIn } from '../session/login-outcome.ts';
import { usePreferences } from '../stores/preferences.ts';
import { useRoute } from '../stores/route.ts';
import { useUi } from '../stores/ui.ts';
import { ConversationPane } from './ConversationPane.tsx';
import styles from './DeskFrame.module.css';
import { Dialogs } from './Dialogs.tsx';
import { PaneSplitter } from './PaneSplitter.tsx';
import { SettingsArea } from './SettingsArea.tsx';
import { goToDesk, useConversationAddress } from './use-address.ts';

interface DeskFrameProps {
  onLogIn: LogIn;
  onLogOut: (options: { erase: boolean }) => void;
}

/** The tab's title says how many conversations wait for a first answer. */
function useDocumentTitle(): void {
  const { t } = useTranslation();
  const waiting = useQueueCounts()?.pending ?? 0;
  const name = t('app.name');
  useEffect(() => {
    document.title = waiting > 0 ? t('app.titleWaiting', { waiting, name }) : name;
    return () => {
      document.title = name;
    };
  }, [waiting, name, t]);
}

/** Whoever has nothing of his own starts where new conversations arrive; decided once, when the desk is complete. */
function useFirstQueue(): void {
  const counts = useQueueCounts();
  const { kind } = useConnection();
  const showQueue = useUi((state) => state.showQueue);
  const decided = useRef(false);
  useEffect(() => {
    if (decided.current || !counts || kind === 'starting' || kind === 'syncing') return;
    decided.current = true;
    if (counts.mine === 0 && useUi.getState().queue === 'mine') showQueue('unassigned');
  }, [counts, kind, showQueue]);
}

/** The signed-in agent's window: rail, the desk or the settings, and the state of the connection. */
export function DeskFrame({ onLogIn, onLogOut }: DeskFrameProps) {
  const route = useRoute();
  const startConversation = useUi((state) => state.startConversation);
  const showDialog = useUi((state) => state.showDialog);
  const locked = useConnection().kind === 'locked';

  useDocumentTitle();
  useFirstQueue();
  useShell();
  useConversationAddress();
  useKeys({
    c: () => startConversation(null),
    '?': () => showDialog('shortcuts'),
    Escape: route.kind === 'settings' ? goToDesk : undefined,
  });

  return (
    <div className={styles.frame}>
      <main className={styles.main} data-locked={locked || undefined}>
        <LimitsNotice />
        <div className={styles.panes}>
          <Rail settings={<SettingsMenu />} onDesk={goToDesk} />
          {route.kind === 'settings' ? <SettingsArea section={route.section} /> : <DeskPanes />}
        </div>
      </main>
      <StatusBar />
      <Dialogs onLogIn={onLogIn} onLogOut={onLogOut} />
    </div>
  );
}

/** Queues, list and conversation, as many as there is room for. */
function DeskPanes() {
  const { t } = useTranslation();
  // The thread comes first: what stands beside it goes while it would be narrower than a comfortable line.
  const roomForQueues = useMedia('(min-width: 1320px)');
  const wide = useMedia('(min-width: 1100px)');
  const oneColumn = useMedia('(max-width: 859px)');
  const queuesOpen = usePreferences((state) => state.queuesOpen);
  const widths = usePreferences((state) => state.widths);
  const conversationId = useUi((state) => state.conversationId);
  const openConversation = useUi((state) => state.openConversation);
  const showQueues = roomForQueues && queuesOpen;
  const showList = !oneColumn || conversationId === null;
  const showPane = !oneColumn || conversationId !== null;

  useKeys({ Escape: oneColumn ? () => openConversation(null) : undefined });

  return (
    <>
      <h1 className="hidden-visually">{t('app.name')}</h1>
      {showQueues && (
        <>
          <div className={styles.column} style={{ width: widths.queues }}>
            <QueueColumn />
          </div>
          <PaneSplitter pane="queues" side="left" label={t('nav.resizeQueues')} />
        </>
      )}
      {showList && (
        <section
          className={styles.list}
          style={oneColumn ? undefined : { width: widths.list }}
          data-fill={oneColumn || undefined}
          aria-label={t('nav.desk')}
        >
          <ConversationList header={<ListHeader queuesHidden={!showQueues} canShowQueues={roomForQueues} />} />
        </section>
      )}
      {showList && showPane && <PaneSplitter pane="list" side="left" label={t('nav.resizeList')} />}
      {showPane && <ConversationPane wide={wide} oneColumn={oneColumn} />}
    </>
  );
}
