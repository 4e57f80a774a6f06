import type { Conversation } from '@tradewind/shared/schemas/conversation';
import { ArrowLeft, MessageSquareDashed, MessagesSquare, PanelRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../components/Button.tsx';
import { nameProvider } from '../components/ChannelIcon.tsx';
import { Empty } from '../components/Empty.tsx';
import { Modal } from '../components/Modal.tsx';
import { Skeleton } from '../components/Skeleton.tsx';
import { findName, nameCustomer, titleConversation } from '../desk/customer-label.ts';
import { useConnection, useConversation, useCustomer, useDirectory, useMessages } from '../desk/hooks.ts';
import { Composer } from '../features/composer/Composer.tsx';
import { CustomerPanel } from '../features/panel/CustomerPanel.tsx';
import { ThreadHeader } from '../features/thread/ThreadHeader.tsx';
import { Timeline } from '../features/thread/Timeline.tsx';
import { useAttendance } from '../features/thread/use-attendance.ts';
import { usePreferences } from '../stores/preferences.ts';
import { useUi } from '../stores/ui.ts';
import styles from './ConversationPane.module.css';
import { PaneSplitter } from './PaneSplitter.tsx';

interface ConversationPaneProps {
  /** The panel has a column of its own; otherwise it is a sheet. */
  wide: boolean;
  /** List and thread take turns. */
  oneColumn: boolean;
}

function PanelSwitch({ wide }: { wide: boolean }) {
  const { t } = useTranslation();
  const panelOpen = usePreferences((state) => state.panelOpen);
  const togglePanel = usePreferences((state) => state.togglePanel);
  const setSheetOpen = useUi((state) => state.setSheetOpen);
  const shown = wide && panelOpen;
  return (
    <IconButton
      label={shown ? t('nav.hidePanel') : t('nav.showPanel')}
      aria-pressed={wide ? panelOpen : undefined}
      onClick={() => (wide ? togglePanel() : setSheetOpen(true))}
    >
      <PanelRight size={18} strokeWidth={1.75} aria-hidden="true" />
    </IconButton>
  );
}

function BackButton() {
  const { t } = useTranslation();
  const openConversation = useUi((state) => state.openConversation);
  return (
    <IconButton label={t('nav.back')} shortcut="Escape" onClick={() => openConversation(null)}>
      <ArrowLeft size={18} aria-hidden="true" />
    </IconButton>
  );
}

function OpenConversation({ conversation, wide, oneColumn }: ConversationPaneProps & { conversation: Conversation }) {
  const { t } = useTranslation();
  useAttendance(conversation.id);
  const messages = useMessages(conversation.id);
  const customer = useCustomer(conversation.customerId || null);
  const directory = useDirectory();
  const customerName = nameCustomer(conversation, findName(conversation, customer ?? null), t);
  const channelName = directory.byId.get(conversation.channelAccountId)?.name ?? conversation.channelKind;
  return (
    <>
      <ThreadHeader
        conversation={conversation}
        customerName={customerName}
        channelName={channelName}
        directory={directory}
        leading={oneColumn && <BackButton />}
        trailing={<PanelSwitch wide={wide} />}
      />
      {messages === undefined ? (
        <div className={styles.fill}>
          <Skeleton rows={6} height={88} />
        </div>
      ) : (
        <Timeline
          conversation={conversation}
          messages={messages}
          directory={directory}
          customerName={customerName}
          providerName={nameProvider(conversation.channelKind) ?? channelName}
        />
      )}
      <Composer conversation={conversation} messages={messages} customerName={customerName} />
    </>
  );
}

function NothingOpen() {
  const { t } = useTranslation();
  return (
    <Empty
      icon={<MessagesSquare size={32} strokeWidth={1.25} aria-hidden="true" />}
      title={t('list.pickOne')}
      hint={t('list.pickOneHint', { down: 'J', up: 'K' })}
    />
  );
}

/** The open conversation with its panel, or what to do when none is open. */
export function ConversationPane({ wide, oneColumn }: ConversationPaneProps) {
  const { t } = useTranslation();
  const conversationId = useUi((state) => state.conversationId);
  const sheetOpen = useUi((state) => state.sheetOpen);
  const setSheetOpen = useUi((state) => state.setSheetOpen);
  const panelOpen = usePreferences((state) => state.panelOpen);
  const panelWidth = usePreferences((state) => state.widths.panel);
  const conversation = useConversation(conversationId);
  const customer = useCustomer(conversation?.customerId || null);
  const openConversation = useUi((state) => state.openConversation);
  const { kind } = useConnection();
  // What a link names may still be on its way here: not to be had is said once the desk is complete.
  const isComing = conversation === undefined || (conversation === null && (kind === 'starting' || kind === 'syncing'));
  return (
    <>
      <section
        className={styles.pane}
        aria-label={
          conversation
            ? t('thread.region', {
                subject: titleConversation(conversation, findName(conversation, customer ?? null), t),
              })
            : undefined
        }
      >
        {conversationId === null && <NothingOpen />}
        {conversationId !== null && isComing && <Skeleton rows={6} height={88} />}
        {conversationId !== null && conversation === null && !isComing && (
          <Empty
            icon={<MessageSquareDashed size={32} strokeWidth={1.25} aria-hidden="true" />}
            title={t('thread.missing')}
            hint={t('thread.missingHint')}
          >
            <Button onClick={() => openConversation(null)}>{t('nav.back')}</Button>
          </Empty>
        )}
        {conversation && (
          <OpenConversation key={conversation.id} conversation={conversation} wide={wide} oneColumn={oneColumn} />
        )}
      </section>
      {conversation && wide && panelOpen && (
        <>
          <PaneSplitter pane="panel" side="right" label={t('nav.resizePanel')} />
          <aside className={styles.panel} style={{ width: panelWidth }} aria-label={t('panel.label')}>
            <CustomerPanel key={conversation.id} conversation={conversation} />
          </aside>
        </>
      )}
      {conversation && !wide && sheetOpen && (
        <Modal look="sheet" title={t('panel.label')} onClose={() => setSheetOpen(false)}>
          <CustomerPanel key={conversation.id} conversation={conversation} />
        </Modal>
      )}
    </>
  );
}
