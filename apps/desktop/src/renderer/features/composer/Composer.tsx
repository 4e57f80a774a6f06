import { mediumOf } from '@tradewind/shared/channels';
import type { Conversation } from '@tradewind/shared/schemas/conversation';
import { Lock, PenLine, Reply, SendHorizontal, StickyNote } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { type ChangeEvent, type KeyboardEvent, useEffect, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { isMailChannel } from '../../components/ChannelIcon.tsx';
import { join } from '../../components/join.ts';
import { MOD_KEY } from '../../components/Kbd.tsx';
import { isComposing, useKeys } from '../../components/use-keys.ts';
import { useConnection, useDraft } from '../../desk/hooks.ts';
import type { ThreadMessage } from '../../desk/types.ts';
import { useColleaguesIn } from '../../desk/use-colleague-words.ts';
import { useUi } from '../../stores/ui.ts';
import styles from './Composer.module.css';
import { OtherDraft } from './OtherDraft.tsx';
import { toRecipients } from './recipients.ts';
import { useSend } from './use-send.ts';
import { useTyping } from './use-typing.ts';

interface ComposerProps {
  conversation: Conversation;
  /** Undefined while they load: one can write at once, and send as soon as it is known what is answered. */
  messages: readonly ThreadMessage[] | undefined;
  customerName: string;
}

/** One field, two kinds of message that cannot be mistaken for each other; owns the keys `r` and `n`. */
export function Composer({ conversation, messages, customerName }: ComposerProps) {
  const { t } = useTranslation();
  const mode = useUi((state) => state.composerMode);
  const setMode = useUi((state) => state.setComposerMode);
  const compose = useUi((state) => state.compose);
  const focusRequests = useUi((state) => state.composerFocus);
  const handledFocus = useRef(focusRequests);
  const offline = useConnection().kind === 'offline';
  const [draft, setDraft] = useDraft(conversation.id, mode);
  const { send, failed } = useSend({ conversation, messages, mode, draft, setDraft });
  const field = useRef<HTMLTextAreaElement>(null);
  const note = mode === 'note';
  const typing = useTyping(conversation.id, !note && mediumOf(conversation.channelKind) === 'chat');
  const colleagues = useColleaguesIn(conversation.id);
  const unready = draft.trim() === '' || messages === undefined;
  const recipients = messages && toRecipients(conversation, messages);

  useKeys({ r: () => compose('reply'), n: () => compose('note') });

  // A field that has just been filled has its cursor before the first letter: one goes on where one stopped.
  useLayoutEffect(() => {
    const end = field.current?.value.length ?? 0;
    field.current?.setSelectionRange(end, end);
  }, [mode]);

  useEffect(() => {
    if (handledFocus.current === focusRequests) return;
    handledFocus.current = focusRequests;
    field.current?.focus();
  }, [focusRequests]);

  function handleChange(event: ChangeEvent<HTMLTextAreaElement>) {
    setDraft(event.target.value);
    if (event.target.value.trim() === '') typing.stop();
    else typing.touch();
  }

  function sendNow(options: { resolve: boolean }) {
    typing.stop();
    void send(options);
  }

  function handleSend(options: { resolve: boolean }) {
    sendNow(options);
    field.current?.focus();
  }

  /** To the messages above, where the arrow keys scroll; letters are shortcuts there. */
  function leaveField() {
    field.current?.blur();
    const pane = field.current?.closest('section')?.parentElement;
    pane?.querySelector<HTMLElement>('[role="log"]')?.focus();
  }

  function handleKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (isComposing(event.nativeEvent)) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      sendNow({ resolve: false });
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      leaveField();
    }
  }

  return (
    <section className={styles.frame} aria-label={t('composer.label')}>
      <Tabs.Root
        className={join(styles.composer, note && styles.note)}
        value={mode}
        onValueChange={(value) => setMode(value === 'note' ? 'note' : 'reply')}
        data-mode={mode}
        data-testid="composer"
      >
        <div className={styles.top}>
          <Tabs.List className={styles.tabs} aria-label={t('composer.mode')}>
            <Tabs.Trigger className={styles.tab} value="reply" title={`${t('composer.reply')} (R)`}>
              <Reply size={14} aria-hidden="true" />
              {t('composer.reply')}
            </Tabs.Trigger>
            <Tabs.Trigger className={styles.tab} value="note" title={`${t('composer.note')} (N)`}>
              <StickyNote size={14} aria-hidden="true" />
              {t('composer.note')}
            </Tabs.Trigger>
          </Tabs.List>
          {note ? (
            <p className={styles.hint}>
              <Lock size={12} aria-hidden="true" />
              {t('composer.noteHint')}
            </p>
          ) : (
            isMailChannel(conversation.channelKind) && (
              <p className={styles.to}>
                <span>{t('composer.to')}</span>
                <bdi className="ellipsis">{recipients && (recipients.join(', ') || t('composer.noRecipient'))}</bdi>
              </p>
            )
          )}
        </div>
        <Tabs.Content value={mode} tabIndex={-1} className={styles.body}>
          <textarea
            ref={field}
            className={styles.field}
            aria-label={note ? t('composer.notePlaceholder') : t('composer.replyPlaceholder', { name: customerName })}
            placeholder={note ? t('composer.notePlaceholder') : t('composer.replyPlaceholder', { name: customerName })}
            rows={3}
            dir="auto"
            value={draft}
            onChange={handleChange}
            onBlur={typing.stop}
            onKeyDown={handleKeyDown}
          />
        </Tabs.Content>
        <OtherDraft
          conversationId={conversation.id}
          mode={mode}
          onInsert={(text) => setDraft(draft.trim() === '' ? text : `${draft.trimEnd()}\n\n${text}`)}
        />
        {failed && (
          <p className={styles.failed} role="alert">
            {t('composer.notSaved')}
          </p>
        )}
        <div className={styles.bottom}>
          <p className={styles.quiet}>
            <span role="status" className={styles.colleague}>
              {colleagues?.writing && (
                <>
                  <PenLine size={14} aria-hidden="true" />
                  <bdi className="ellipsis">{colleagues.writing}</bdi>
                </>
              )}
            </span>
            {!colleagues?.writing && (offline && !note ? t('composer.willQueue') : `${MOD_KEY} + Enter`)}
          </p>
          {note ? (
            <Button
              look="note"
              disabled={unready}
              icon={<StickyNote size={16} aria-hidden="true" />}
              onClick={() => handleSend({ resolve: false })}
            >
              {t('composer.addNote')}
            </Button>
          ) : (
            <>
              <Button disabled={unready} onClick={() => handleSend({ resolve: true })}>
                {t('composer.sendAndResolve')}
              </Button>
              <Button
                look="primary"
                disabled={unready}
                icon={<SendHorizontal size={16} aria-hidden="true" />}
                onClick={() => handleSend({ resolve: false })}
              >
                {t('composer.send')}
              </Button>
            </>
          )}
        </div>
      </Tabs.Root>
    </section>
  );
}
