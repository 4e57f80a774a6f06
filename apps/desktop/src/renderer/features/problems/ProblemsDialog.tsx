import { isCommandType } from '@tradewind/shared/commands/registry';
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { copyText } from '../../components/copy-text.ts';
import { Empty } from '../../components/Empty.tsx';
import { Ago } from '../../components/Instant.tsx';
import { Modal } from '../../components/Modal.tsx';
import { findName, titleConversation } from '../../desk/customer-label.ts';
import { useConversation, useCustomer, useDraft, useProblems } from '../../desk/hooks.ts';
import type { CommandProblem } from '../../desk/types.ts';
import { useLocale } from '../../i18n/use-format.ts';
import { useDesk } from '../../session/desk-context.ts';
import { useUi } from '../../stores/ui.ts';
import styles from './ProblemsDialog.module.css';
import { toReasonText } from './reason-text.ts';
import { UnseenMessages } from './UnseenMessages.tsx';

/** Says on itself what became of it, for long enough to be read. */
function CopyButton({ text }: { text: string }) {
  const { t } = useTranslation();
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null);
  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(() => setOutcome(null), 2_000);
    return () => clearTimeout(timer);
  }, [outcome]);
  const said = outcome === 'copied' ? t('common.copied') : outcome === 'failed' ? t('shell.copyFailed') : '';
  return (
    <>
      <Button
        icon={outcome === 'copied' ? <Check size={16} aria-hidden="true" /> : <Copy size={16} aria-hidden="true" />}
        onClick={() => void copyText(text).then((copied) => setOutcome(copied ? 'copied' : 'failed'))}
      >
        {said || t('common.copy')}
      </Button>
      <span role="status" className="hidden-visually">
        {said}
      </span>
    </>
  );
}

function ProblemItem({ problem }: { problem: CommandProblem }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const desk = useDesk();
  const { openConversation, compose, showDialog, startConversation } = useUi.getState();
  const conversation = useConversation(problem.type === 'start-conversation' ? null : problem.conversationId);
  const customer = useCustomer(conversation?.customerId || null);
  const mode = problem.type === 'note' ? 'note' : 'reply';
  // A note whose conversation is gone must not become a message to somebody.
  const editable = conversation || mode === 'reply';
  const [draft, setDraft] = useDraft(conversation ? conversation.id : null, mode);

  function handleEdit() {
    if (problem.text === null) return;
    if (conversation) {
      // What stands in the composer already is somebody's work too.
      setDraft(draft.trim() === '' ? problem.text : `${draft.trimEnd()}\n\n${problem.text}`);
      openConversation(conversation.id);
      compose(mode);
      showDialog(null);
    } else {
      startConversation(problem.text);
    }
    void desk.dismissProblem(problem.commandId);
  }

  function handleOpen() {
    openConversation(problem.conversationId);
    showDialog(null);
  }

  return (
    <li className={styles.item}>
      <p className={styles.head}>
        <strong>
          {t(isCommandType(problem.type) ? `problems.command_${problem.type}` : 'problems.command_other')}
        </strong>
        {conversation && (
          <bdi className="ellipsis">{titleConversation(conversation, findName(conversation, customer ?? null), t)}</bdi>
        )}
        <Ago at={problem.at} />
      </p>
      <p>{toReasonText(problem.reason, t, locale)}</p>
      {problem.reason.kind === 'unseen' && problem.conversationId !== null && (
        <UnseenMessages conversationId={problem.conversationId} reason={problem.reason} />
      )}
      {problem.text !== null && (
        <blockquote className={styles.text} aria-label={t('problems.wrote')} dir="auto">
          {problem.text}
        </blockquote>
      )}
      <div className={styles.actions}>
        {problem.held && (
          <Button look="primary" onClick={() => void desk.confirmHeld(problem.commandId)}>
            {t('problems.sendAnyway')}
          </Button>
        )}
        {problem.text !== null && (
          <>
            {editable && (
              <Button {...(problem.held ? {} : { look: 'primary' as const })} onClick={handleEdit}>
                {t('problems.edit')}
              </Button>
            )}
            <CopyButton text={problem.text} />
          </>
        )}
        {problem.text === null && conversation && <Button onClick={handleOpen}>{t('problems.open')}</Button>}
        <Button look="danger" onClick={() => void desk.dismissProblem(problem.commandId)}>
          {t('problems.discard')}
        </Button>
      </div>
    </li>
  );
}

/** What the server did not carry out: why, what had been written, and what to do with it. */
export function ProblemsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const problems = useProblems();
  return (
    <Modal title={t('problems.title')} description={t('problems.hint')} onClose={onClose}>
      {problems.length === 0 && <Empty title={t('problems.none')} />}
      <ul>
        {problems.map((problem) => (
          <ProblemItem key={problem.commandId} problem={problem} />
        ))}
      </ul>
    </Modal>
  );
}
