import { useVirtualizer } from '@tanstack/react-virtual';
import { CheckCheck, Inbox } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import { Skeleton } from '../../components/Skeleton.tsx';
import { useKeys } from '../../components/use-keys.ts';
import {
  useColleagues,
  useConversations,
  useDirectory,
  usePresences,
  useProblems,
  useQueueCounts,
} from '../../desk/hooks.ts';
import type { QueueId } from '../../desk/types.ts';
import { useColleagueWords } from '../../desk/use-colleague-words.ts';
import { isSameDay } from '../../i18n/format.ts';
import { useNow } from '../../i18n/use-format.ts';
import { useUi } from '../../stores/ui.ts';
import styles from './ConversationList.module.css';
import { ConversationRow } from './ConversationRow.tsx';

const ROW_PX = 68;
/** Queues that are work to do: empty means done. */
const WORK: readonly QueueId[] = ['mine', 'unassigned', 'pending', 'open'];

/** Conversations resolved since midnight. */
function useResolvedToday(): number {
  const now = useNow();
  const resolved = useConversations('resolved');
  return useMemo(
    () =>
      resolved?.filter(
        ({ conversation }) => conversation.resolvedAt !== null && isSameDay(conversation.resolvedAt, now),
      ).length ?? 0,
    [resolved, now],
  );
}

function EmptyQueue({ queue }: { queue: QueueId }) {
  const { t } = useTranslation();
  const counts = useQueueCounts();
  const showQueue = useUi((state) => state.showQueue);
  const resolvedToday = useResolvedToday();
  if (WORK.includes(queue) && counts && counts.all > 0) {
    return (
      <Empty
        icon={<CheckCheck size={28} strokeWidth={1.5} color="var(--ok)" aria-hidden="true" />}
        title={t('list.allClear')}
        hint={
          <>
            {t(`list.empty_${queue}`)}
            <br />
            {resolvedToday > 0 && t('list.allClearHint', { count: resolvedToday })}
          </>
        }
      >
        {queue === 'mine' && counts.unassigned > 0 && (
          <Button onClick={() => showQueue('unassigned')}>{t('list.takeFrom', { count: counts.unassigned })}</Button>
        )}
      </Empty>
    );
  }
  return (
    <Empty
      icon={<Inbox size={28} strokeWidth={1.5} aria-hidden="true" />}
      title={t(`list.empty_${queue}`)}
      hint={t('list.emptyHint')}
    />
  );
}

/** The conversations of the chosen queue, newest first; only the rows in sight exist. */
export function ConversationList({ header }: { header: ReactNode }) {
  const { t } = useTranslation();
  const queue = useUi((state) => state.queue);
  const cursorId = useUi((state) => state.cursorId);
  const openId = useUi((state) => state.conversationId);
  const moveCursor = useUi((state) => state.moveCursor);
  const openConversation = useUi((state) => state.openConversation);
  const rows = useConversations(queue);
  const directory = useDirectory();
  const problems = useProblems();
  const presences = usePresences();
  const colleagues = useColleagues();
  const toColleagueWords = useColleagueWords();
  const scroller = useRef<HTMLDivElement>(null);
  const failed = useMemo(() => new Set(problems.map((problem) => problem.conversationId)), [problems]);

  const virtualizer = useVirtualizer({
    count: rows?.length ?? 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => rows?.[index]?.conversation.id ?? index,
    overscan: 8,
  });

  const cursorIndex = rows?.findIndex((row) => row.conversation.id === cursorId) ?? -1;

  function step(by: number) {
    if (!rows || rows.length === 0) return;
    const index = cursorIndex < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, cursorIndex + by));
    const row = rows[index];
    if (!row) return;
    moveCursor(row.conversation.id);
    virtualizer.scrollToIndex(index, { align: 'auto' });
    // From here on Enter means this row, not the button that was pressed last.
    scroller.current?.focus({ preventScroll: true });
  }

  useKeys({
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Enter: () => cursorId !== null && cursorIndex >= 0 && openConversation(cursorId),
  });

  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [queue]);

  // Back from the settings or a conversation that filled the window: one goes on at the row one left.
  const hasCursor = cursorIndex >= 0;
  useEffect(() => {
    if (hasCursor && document.activeElement === document.body) scroller.current?.focus({ preventScroll: true });
  }, [hasCursor]);

  return (
    <>
      {header}
      {rows === undefined && <Skeleton rows={8} height={ROW_PX} />}
      {rows?.length === 0 && <EmptyQueue queue={queue} />}
      <div
        ref={scroller}
        className={styles.scroller}
        hidden={!rows || rows.length === 0}
        role="listbox"
        tabIndex={0}
        aria-label={t('list.label', { queue: t(`queue.${queue}`) })}
        aria-activedescendant={cursorIndex >= 0 ? `conversation-${cursorId}` : undefined}
      >
        <div className={styles.track} role="presentation" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const row = rows?.[item.index];
            if (!row) return null;
            const { id, assigneeId, channelAccountId } = row.conversation;
            // In one's own queue everything is one's own.
            const assignee = assigneeId === null || queue === 'mine' ? undefined : directory.byId.get(assigneeId);
            const channel = directory.byId.get(channelAccountId);
            return (
              <ConversationRow
                key={item.key}
                row={row}
                top={item.start}
                position={item.index + 1}
                total={rows?.length ?? 0}
                open={id === openId}
                current={id === cursorId}
                failed={failed.has(id)}
                assigneeName={assignee?.name ?? null}
                assigneePresence={assignee && presences?.get(assignee.id)}
                channelName={channel?.name ?? row.conversation.channelKind}
                colleagues={toColleagueWords(colleagues.get(id))}
                onOpen={openConversation}
              />
            );
          })}
        </div>
      </div>
    </>
  );
}
