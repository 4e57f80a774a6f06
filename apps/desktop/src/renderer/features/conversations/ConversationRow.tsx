import type { TFunction } from 'i18next';
import { AlarmClock, CircleAlert, CircleCheck, CircleHelp, Clock, Eye, PenLine } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '../../components/Avatar.tsx';
import { ChannelIcon } from '../../components/ChannelIcon.tsx';
import { Ago } from '../../components/Instant.tsx';
import { join } from '../../components/join.ts';
import { nameCustomer } from '../../desk/customer-label.ts';
import type { Presence, ConversationRow as Row } from '../../desk/types.ts';
import type { ColleagueWords } from '../../desk/use-colleague-words.ts';
import styles from './ConversationList.module.css';

const TAGS_SHOWN = 2;

interface ConversationRowProps {
  row: Row;
  top: number;
  position: number;
  total: number;
  open: boolean;
  current: boolean;
  failed: boolean;
  assigneeName: string | null;
  assigneePresence: Presence | undefined;
  channelName: string;
  /** Colleagues who have it before them, in words. */
  colleagues: ColleagueWords | null;
  onOpen: (id: string) => void;
}

function Marks({ row, failed }: { row: Row; failed: boolean }) {
  const { t } = useTranslation();
  const { status } = row.conversation;
  return (
    <>
      {(failed || row.trouble === 'failed') && (
        <CircleAlert size={14} color="var(--danger)" role="img" aria-label={t('list.failed')} />
      )}
      {!failed && row.trouble === 'unknown' && (
        <CircleHelp size={14} color="var(--warn)" role="img" aria-label={t('shell.sendUnknown')} />
      )}
      {row.pending && <Clock size={14} color="var(--muted)" role="img" aria-label={t('list.pendingChange')} />}
      {status === 'snoozed' && <AlarmClock size={14} color="var(--info)" role="img" aria-label={t('status.snoozed')} />}
      {status === 'resolved' && (
        <CircleCheck size={14} color="var(--ok)" role="img" aria-label={t('status.resolved')} />
      )}
    </>
  );
}

function ColleagueMark({ colleagues }: Pick<ConversationRowProps, 'colleagues'>) {
  if (!colleagues) return null;
  const { writing, viewing } = colleagues;
  return writing ? (
    <PenLine size={14} color="var(--warn)" role="img" aria-label={writing} />
  ) : (
    <Eye size={14} color="var(--muted)" role="img" aria-label={viewing} />
  );
}

function withPresence(name: string, presence: Presence | undefined, t: TFunction): string {
  return presence ? t('shell.presenceOf', { name, presence: t(`shell.presence_${presence}`) }) : name;
}

/** Two lines: who and when; what, with its tags and whoever takes care of it. */
export const ConversationRow = memo(function ConversationRow(props: ConversationRowProps) {
  const { row, open, current, failed, assigneeName, channelName } = props;
  const { t } = useTranslation();
  const { conversation } = row;
  const waiting = conversation.waitingSince !== null;
  const assignee =
    assigneeName && t('list.assignedTo', { name: withPresence(assigneeName, props.assigneePresence, t) });
  const surplus = conversation.tags.length - TAGS_SHOWN;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox owns the keyboard (j, k, arrows, Enter)
    <div
      id={`conversation-${conversation.id}`}
      role="option"
      tabIndex={-1}
      aria-selected={open}
      aria-posinset={props.position}
      aria-setsize={props.total}
      className={join(styles.row, open && styles.open, current && styles.current, waiting && styles.waiting)}
      style={{ transform: `translateY(${props.top}px)` }}
      onClick={() => props.onOpen(conversation.id)}
    >
      <span className={styles.channel} title={t('list.channel', { name: channelName })}>
        <ChannelIcon kind={conversation.channelKind} />
        {waiting && <span className={styles.dot} title={t('list.waiting')} />}
      </span>
      <span className={styles.line}>
        <span className={styles.who} dir="auto">
          {nameCustomer(conversation, row.customerName, t)}
        </span>
        {waiting && <span className="hidden-visually">{t('list.waiting')}</span>}
        <span className={styles.when}>
          <ColleagueMark colleagues={props.colleagues} />
          <Marks row={row} failed={failed} />
          <Ago at={conversation.lastMessageAt} />
        </span>
      </span>
      <span className={styles.line}>
        <span className={styles.what}>
          {conversation.subject && (
            <span className={styles.subject} dir="auto">
              {conversation.subject}
            </span>
          )}
          <span className={join(styles.preview, !conversation.subject && styles.alone)} dir="auto">
            {conversation.preview}
          </span>
        </span>
        <span className={styles.extras}>
          {conversation.tags.slice(0, TAGS_SHOWN).map((tag) => (
            <span key={tag} className={styles.tag}>
              {tag}
            </span>
          ))}
          {surplus > 0 && <span className={styles.tag}>+{surplus}</span>}
          {assigneeName && (
            <span title={assignee ?? undefined}>
              <Avatar name={assigneeName} size={18} presence={props.assigneePresence} />
              <span className="hidden-visually">{assignee}</span>
            </span>
          )}
        </span>
      </span>
    </div>
  );
});
