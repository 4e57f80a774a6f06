import type { Message, MessageStatus } from '@tradewind/shared/schemas/message';
import { Check, CheckCheck, CircleAlert, CircleDashed, CircleHelp, LoaderCircle, Pause, Undo2 } from 'lucide-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { useMessages } from '../../desk/hooks.ts';
import { useDesk } from '../../session/desk-context.ts';
import styles from './DeliveryState.module.css';

type Shown = Exclude<MessageStatus, 'received'>;

const GLYPHS: Readonly<Record<Shown, ComponentType<{ size?: number; strokeWidth?: number; 'aria-hidden'?: 'true' }>>> =
  {
    queued: CircleDashed,
    sending: LoaderCircle,
    sent: Check,
    delivered: CheckCheck,
    read: CheckCheck,
    failed: CircleAlert,
    unknown: CircleHelp,
    recalled: Undo2,
    held: Pause,
  };

/** Failure kinds with a sentence of their own; the rest share one and show the channel's words. */
const FAILURES = {
  bounced: 'failure.bounced',
  rejected: 'failure.rejected',
  unauthorised: 'failure.unauthorised',
  'rate-limited': 'failure.rateLimited',
  unreachable: 'failure.unreachable',
  'too-large': 'failure.tooLarge',
  dropped: 'failure.dropped',
} as const;

function isFailureKind(kind: string): kind is keyof typeof FAILURES {
  return Object.hasOwn(FAILURES, kind);
}

function Failure({ message, providerName }: { message: Message; providerName: string }) {
  const { t } = useTranslation();
  const desk = useDesk();
  const { failure } = message;
  return (
    <div className={styles.box} data-status="failed">
      <p>{t(failure && isFailureKind(failure.kind) ? FAILURES[failure.kind] : 'failure.other')}</p>
      {failure?.text && (
        <p className={styles.words} dir="auto">
          {t('failure.detail', { channel: providerName, text: failure.text })}
        </p>
      )}
      <div className={styles.choices}>
        <Button look="danger" onClick={() => void desk.send({ type: 'retry-message', messageId: message.id })}>
          {t('delivery.retry')}
        </Button>
        {failure?.kind !== 'dropped' && (
          <Button
            look="quiet"
            onClick={() => void desk.send({ type: 'settle-message', messageId: message.id, choice: 'drop' })}
          >
            {t('delivery.drop')}
          </Button>
        )}
      </div>
    </div>
  );
}

function UnknownOutcome({ message }: { message: Message }) {
  const { t } = useTranslation();
  const desk = useDesk();
  const settle = (choice: 'resend' | 'mark-sent' | 'drop') =>
    void desk.send({ type: 'settle-message', messageId: message.id, choice });
  return (
    <div className={styles.box} data-status="unknown">
      <p>{t('delivery.unknownHint')}</p>
      <div className={styles.choices}>
        <Button onClick={() => settle('resend')}>{t('delivery.resend')}</Button>
        <Button onClick={() => settle('mark-sent')}>{t('delivery.markSent')}</Button>
        <Button onClick={() => settle('drop')}>{t('delivery.drop')}</Button>
      </div>
    </div>
  );
}

/** It was to leave when something newer came: its author decides with that before his eyes. */
function HeldMessage({ message }: { message: Message }) {
  const { t } = useTranslation();
  const desk = useDesk();
  const messages = useMessages(message.conversationId);
  if (message.authorId !== desk.agent.id) return <p className={styles.box}>{t('delivery.heldByOther')}</p>;
  const { id, conversationId, text, html, to, cc, bcc, attachments, replyTo } = message;
  const isOfThisDevice = messages?.some((one) => one.id === id && one.local) ?? false;
  const sendAnyway = () => void (isOfThisDevice ? desk.confirmHeld(id) : confirm());
  const giveUp = () => void (isOfThisDevice ? desk.dismissProblem(id) : desk.send({ type: 'discard', commandId: id }));
  const confirm = () =>
    desk.send({
      ...{ type: 'reply', conversationId, text, to, cc, bcc, confirms: id },
      ...(html === null ? {} : { html }),
      ...(attachments.length === 0 ? {} : { attachmentIds: attachments.map((one) => one.id) }),
      ...(replyTo === null ? {} : { replyTo }),
      seenMessageId: messages?.findLast((one) => !one.local && one.id !== id)?.id ?? null,
    });
  return (
    <div className={styles.box} data-status="held">
      <p>{t('delivery.heldHint')}</p>
      <div className={styles.choices}>
        <Button onClick={sendAnyway}>{t('problems.sendAnyway')}</Button>
        <Button look="quiet" onClick={giveUp}>
          {t('problems.discard')}
        </Button>
      </div>
    </div>
  );
}

interface DeliveryStateProps {
  message: Message;
  providerName: string;
  /** A visitor's page tells that somebody looked; a mail reader tells less. */
  chat: boolean;
}

/** What became of a message of ours: a word and a glyph, and where it needs the agent, the reason and the choices. */
export function DeliveryState({ message, providerName, chat }: DeliveryStateProps) {
  const { t } = useTranslation();
  if (message.status === 'received') return null;
  const Glyph = GLYPHS[message.status];
  return (
    <div className={styles.delivery}>
      <span className={styles.state} data-status={message.status} data-testid="delivery-state">
        <Glyph size={14} strokeWidth={2} aria-hidden="true" />
        {chat && message.status === 'read' ? t('chat.seen') : t(`delivery.${message.status}`)}
      </span>
      {message.status === 'failed' && <Failure message={message} providerName={providerName} />}
      {message.status === 'unknown' && <UnknownOutcome message={message} />}
      {message.status === 'held' && <HeldMessage message={message} />}
    </div>
  );
}
