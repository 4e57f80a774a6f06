import { useTranslation } from 'react-i18next';
import { Callout } from '../../components/Callout.tsx';
import { CopyField } from '../../components/CopyField.tsx';
import { LinkOut } from '../../components/LinkOut.tsx';
import type { Account } from '../../desk/api/accounts.ts';
import styles from './Connection.module.css';
import { FirstEvent } from './FirstEvent.tsx';
import type { KindDefinition } from './kinds.ts';
import { findReach } from './reach.ts';
import { toPreviewAddress, toScriptTag } from './script-tag.ts';

interface ConnectionProps {
  definition: KindDefinition;
  account: Account;
}

const NEXT_STEPS = {
  mailgun: ['setup.todo.mailgun_route', 'setup.todo.mailgun_webhooks', 'setup.todo.mailgun_try'],
  shopify: ['setup.todo.shopify_open', 'setup.todo.shopify_topics', 'setup.todo.shopify_try'],
  'web-chat': ['setup.todo.chat_paste', 'setup.todo.chat_try'],
} as const;

/** What is left to do at the platform, with what to copy, and whether it works. */
export function Connection({ definition, account }: ConnectionProps) {
  const { t } = useTranslation();
  const { kind, family } = definition;
  const isChat = kind === 'web-chat';
  return (
    <div className={styles.connection}>
      {isChat ? (
        <CopyField long label={t('setup.account.scriptTag')} value={toScriptTag(account)} />
      ) : (
        <CopyField label={t('setup.account.webhookUrl')} value={account.webhookUrl} />
      )}
      <ReachNote address={account.webhookUrl} chat={isChat} />
      <ol className={styles.todo}>
        {NEXT_STEPS[kind].map((key) => (
          <li key={key}>{t(key, { address: account.address, sender: account.address })}</li>
        ))}
      </ol>
      {isChat && (
        <p>
          <LinkOut href={toPreviewAddress(account)}>{t('setup.account.preview')}</LinkOut>
        </p>
      )}
      <FirstEvent family={family} account={account} />
    </div>
  );
}

/** Platforms call from the internet: an address they cannot reach is said before somebody waits for nothing. */
function ReachNote({ address, chat }: { address: string; chat: boolean }) {
  const { t } = useTranslation();
  const reach = findReach(address);
  if (reach === 'public') return null;
  return (
    <Callout look="warn" title={t(`setup.reach.${reach}`)}>
      <p>{chat ? t('setup.reach.chatHelp') : t('setup.reach.help')}</p>
    </Callout>
  );
}
