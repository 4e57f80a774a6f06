import { mediumOf } from '@tradewind/shared/channels';
import type { Conversation } from '@tradewind/shared/schemas/conversation';
import { ArrowDown } from 'lucide-react';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isMailChannel } from '../../components/ChannelIcon.tsx';
import { Empty } from '../../components/Empty.tsx';
import type { Directory, ThreadMessage } from '../../desk/types.ts';
import { formatDay } from '../../i18n/format.ts';
import { useLocale, useNow } from '../../i18n/use-format.ts';
import { MessageItem } from './MessageItem.tsx';
import { RatingLine } from './RatingLine.tsx';
import styles from './Timeline.module.css';
import { TypingLine } from './TypingLine.tsx';
import { countAfter, toTimeline } from './timeline.ts';
import { useSeen } from './use-seen.ts';

/** Messages in the page at first, and how many more each look back adds: a thread of 10,000 opens like one of ten. */
const WINDOW = 60;
/** Within this distance of the newest message the view follows it. */
const BOTTOM_PX = 32;
/** How near the oldest message shown the next ones are brought in. */
const TOP_PX = 400;

interface TimelineProps {
  conversation: Conversation;
  messages: readonly ThreadMessage[];
  directory: Directory;
  customerName: string;
  providerName: string;
}

function useAuthorName(directory: Directory, customerName: string, chat: boolean): (message: ThreadMessage) => string {
  const { t } = useTranslation();
  return useCallback(
    (message) => {
      if (message.authorType === 'agent' && message.authorId) {
        return directory.byId.get(message.authorId)?.name ?? t('common.unknownAgent');
      }
      if (message.authorType === 'bot') return message.from?.name || t('thread.bot');
      if (message.authorType === 'system') return t('thread.system');
      // In a chat the address is the visitor's id, which is no word for people.
      return message.from?.name || (!chat && message.from?.address) || customerName;
    },
    [directory, customerName, chat, t],
  );
}

function DayLine({ at }: { at: number }) {
  const locale = useLocale();
  const now = useNow();
  return <h3 className={styles.day}>{formatDay(at, now, locale)}</h3>;
}

/** Reads aloud what a customer or colleague writes while the thread is open, and nothing that merely scrolls in. */
function Announcer({ message, author }: { message: ThreadMessage | undefined; author: string }) {
  const { t } = useTranslation();
  const first = useRef(message?.id);
  const speak = message && message.id !== first.current && !message.local;
  return (
    <p role="status" className="hidden-visually">
      {speak ? t('common.prefix', { label: author }) + message.text.slice(0, 300) : ''}
    </p>
  );
}

/** The messages of a conversation, oldest first, opened at the newest and following it while in sight. */
export function Timeline({ conversation, messages, directory, customerName, providerName }: TimelineProps) {
  const { t } = useTranslation();
  const chat = mediumOf(conversation.channelKind) === 'chat';
  const mail = isMailChannel(conversation.channelKind);
  const rating = conversation.satisfaction ?? null;
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState(WINDOW);
  const [atBottom, setAtBottom] = useState(true);
  const newest = messages.at(-1);
  const [seenId, setSeenId] = useState(newest?.id ?? null);
  const authorName = useAuthorName(directory, customerName, chat);

  // The window's start stays put while messages are appended, so that nothing above the reader disappears.
  const [anchorCount, setAnchorCount] = useState(messages.length);
  const start = Math.max(0, Math.min(anchorCount, messages.length) - shown);
  const items = useMemo(() => toTimeline(messages.slice(start), { chat, rating }), [messages, start, chat, rating]);
  useSeen(conversation.id, messages, scroller, chat);
  const unseen = atBottom ? 0 : countAfter(messages, seenId);

  useEffect(() => {
    if (!atBottom) return;
    setSeenId(newest?.id ?? null);
    // Following the newest: the window may move along, or it would grow for as long as the thread is open.
    setAnchorCount(messages.length);
  }, [atBottom, newest?.id, messages.length]);

  const toNewest = useCallback(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, []);

  // What the agent sends is always shown to him.
  const ownId = newest?.local ? newest.id : null;
  useLayoutEffect(() => {
    if (ownId !== null) toNewest();
  }, [ownId, toNewest]);

  // The scroller is reversed: 0 is the bottom, and what grows at the top moves nothing in sight. What grows at the
  // bottom would, so for a reader further up the distance is kept by hand.
  const height = useRef(0);
  const lastNewestId = useRef(newest?.id);
  useLayoutEffect(() => {
    const element = scroller.current;
    const now = content.current?.offsetHeight ?? 0;
    const grown = now - height.current;
    const appended = lastNewestId.current !== newest?.id;
    if (element && appended && grown > 0 && element.scrollTop < -BOTTOM_PX && ownId === null) {
      element.scrollTop -= grown;
    }
    height.current = now;
    lastNewestId.current = newest?.id;
  });

  function handleScroll() {
    const element = scroller.current;
    if (!element) return;
    setAtBottom(element.scrollTop > -BOTTOM_PX);
    const above = element.scrollHeight - element.clientHeight + element.scrollTop;
    if (above < TOP_PX && start > 0) setShown(shown + WINDOW);
  }

  return (
    <div className={styles.frame}>
      <div
        ref={scroller}
        className={styles.scroller}
        onScroll={handleScroll}
        role="log"
        aria-live="off"
        aria-label={t('thread.label')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
      >
        <div className={styles.content} ref={content}>
          {start > 0 && (
            <button type="button" className={styles.earlier} onClick={() => setShown(shown + WINDOW)}>
              {t('thread.earlier', { count: start })}
            </button>
          )}
          {messages.length === 0 && <Empty title={t('thread.empty')} hint={t('thread.emptyHint')} />}
          {items.map((item) => {
            if (item.kind === 'day') return <DayLine key={item.id} at={item.at} />;
            if (item.kind === 'rating') {
              return <RatingLine key={item.id} rating={item.rating} customerName={customerName} />;
            }
            return (
              <MessageItem
                key={item.message.id}
                message={item.message}
                authorName={authorName(item.message)}
                providerName={providerName}
                continues={item.continues}
                told={item.told}
                chat={chat}
                mail={mail}
              />
            );
          })}
        </div>
      </div>
      {!atBottom && (
        <button type="button" className={styles.toNewest} onClick={toNewest} data-unseen={unseen > 0 || undefined}>
          <ArrowDown size={14} aria-hidden="true" />
          {unseen > 0 ? t('thread.newMessages', { count: unseen }) : t('thread.toNewest')}
        </button>
      )}
      <Announcer message={newest} author={newest ? authorName(newest) : ''} />
      {chat && <TypingLine conversationId={conversation.id} name={customerName} />}
    </div>
  );
}
