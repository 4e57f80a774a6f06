import { isCommandType } from '@tradewind/shared/commands/registry';
import { useTranslation } from 'react-i18next';
import { findName, titleConversation } from '../../desk/customer-label.ts';
import { useConversation, useCustomer } from '../../desk/hooks.ts';
import type { UnsentCommand } from '../../desk/types.ts';
import styles from './LogOutDialog.module.css';

const SHOWN = 5;

/** What has not been sent, by name: what, for whom, and its first words. */
export function UnsentList({ unsent }: { unsent: readonly UnsentCommand[] }) {
  const { t } = useTranslation();
  return (
    <ul className={styles.list} aria-label={t('devices.unsent')}>
      {unsent.slice(0, SHOWN).map((command) => (
        <UnsentItem key={command.commandId} command={command} />
      ))}
      {unsent.length > SHOWN && <li>{t('devices.unsentMore', { count: unsent.length - SHOWN })}</li>}
    </ul>
  );
}

function UnsentItem({ command }: { command: UnsentCommand }) {
  const { t } = useTranslation();
  const conversation = useConversation(command.conversationId);
  const customer = useCustomer(conversation?.customerId || null);
  const { type, text } = command;
  return (
    <li className={styles.item}>
      <strong>{t(isCommandType(type) ? `problems.command_${type}` : 'problems.command_other')}</strong>
      {conversation && (
        <bdi className="ellipsis">{titleConversation(conversation, findName(conversation, customer ?? null), t)}</bdi>
      )}
      {text !== null && (
        <bdi className="ellipsis" data-quiet>
          {text}
        </bdi>
      )}
    </li>
  );
}
