import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { Callout } from '../../components/Callout.tsx';
import { Ago } from '../../components/Instant.tsx';
import { Waiting } from '../../components/Waiting.tsx';
import { type Account, type AccountFamily, readAccount } from '../../desk/api/accounts.ts';
import { toFailureText } from '../../desk/api/failure-text.ts';
import { useLoad } from '../../desk/api/use-load.ts';
import { translateServerWords } from '../../i18n/server-words.ts';
import { useAgo } from '../../i18n/use-format.ts';
import { isRejecting } from './account-state.ts';
import styles from './FirstEvent.module.css';

/** Somebody has just pressed a button at the platform and looks here. */
const LOOK_EVERY_MS = 2_000;

interface FirstEventProps {
  family: AccountFamily;
  account: Account;
}

/** Whether what was set up at the platform reaches the desk: waits in view, and says when and why a request was refused. */
export function FirstEvent({ family, account: initial }: FirstEventProps) {
  const { t } = useTranslation();
  const load = useCallback(() => readAccount(family, initial.id), [family, initial.id]);
  const { value, failure } = useLoad(load, LOOK_EVERY_MS);
  const account = value ?? initial;
  return (
    <div className={styles.state} data-testid="first-event" aria-live="polite">
      {account.lastEventAt === null ? (
        <Waiting>{t('setup.account.waiting')}</Waiting>
      ) : (
        <Callout look="ok" title={t('setup.account.arrived')}>
          <p>
            {t('common.prefix', { label: t('setup.account.lastEvent') })}
            <Ago at={account.lastEventAt} />
          </p>
        </Callout>
      )}
      {isRejecting(account) && account.lastRejectedAt !== null && (
        <Rejection account={account} at={account.lastRejectedAt} />
      )}
      {failure && <Callout look="warn">{toFailureText(failure, t)}</Callout>}
    </div>
  );
}

/** When and why the newest request was refused, and what to look at. */
function Rejection({ account, at }: { account: Account; at: number }) {
  const { t } = useTranslation();
  const time = useAgo(at);
  return (
    <Callout look="danger" title={t('setup.account.rejectedTitle')}>
      <p>{translateServerWords(account.lastRejectReason ?? '', t)}</p>
      <p>{t('setup.account.rejectedCount', { count: account.rejected, time })}</p>
      <p>{t(`setup.account.rejectedHelp_${account.kind === 'web-chat' ? 'chat' : 'signed'}`)}</p>
    </Callout>
  );
}
