import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../components/Badge.tsx';
import { Button } from '../../components/Button.tsx';
import { ChannelIcon } from '../../components/ChannelIcon.tsx';
import { Ago } from '../../components/Instant.tsx';
import { ListRow, Rows } from '../../components/ListRow.tsx';
import { Loaded } from '../../components/Loaded.tsx';
import { type Account, type AccountFamily, listAccounts } from '../../desk/api/accounts.ts';
import { toFailureText } from '../../desk/api/failure-text.ts';
import { listTeams } from '../../desk/api/people.ts';
import { useLoad } from '../../desk/api/use-load.ts';
import { translateServerWords } from '../../i18n/server-words.ts';
import { useAgo } from '../../i18n/use-format.ts';
import { AccountDialog } from './AccountDialog.tsx';
import { type AccountState, findState } from './account-state.ts';
import { type AccountKind, accountKinds, findKind, kindOf } from './kinds.ts';

/** How long a list of how things stand may be old. */
const LOOK_EVERY_MS = 10_000;

const BADGES: Readonly<Record<AccountState, 'ok' | 'plain' | 'danger'>> = {
  ok: 'ok',
  waiting: 'plain',
  rejected: 'danger',
  'send-problem': 'danger',
};
const STATES = {
  ok: 'setup.account.state_ok',
  waiting: 'setup.account.state_waiting',
  rejected: 'setup.account.state_rejected',
  'send-problem': 'setup.account.state_send-problem',
} as const;

interface AccountsSectionProps {
  family: AccountFamily;
  /** For office hours made here. */
  timeZone: string;
}

/** The connected channels, or the shops, and how each stands. */
export function AccountsSection({ family, timeZone }: AccountsSectionProps) {
  const { t } = useTranslation();
  const load = useCallback(() => listAccounts(family), [family]);
  const accounts = useLoad(load, LOOK_EVERY_MS);
  const teams = useLoad(listTeams);
  const [open, setOpen] = useState<{ kind: AccountKind; id: string | null } | null>(null);
  const kinds = accountKinds.filter((kind) => kindOf(kind).family === family);
  const opened = open?.id ? (accounts.value?.find(({ id }) => id === open.id) ?? null) : null;

  return (
    <>
      <p className="buttons">
        {kinds.map((kind) => (
          <Button
            key={kind}
            look={accounts.value?.length ? 'plain' : 'primary'}
            onClick={() => setOpen({ kind, id: null })}
          >
            {t(`setup.account.add_${kind}`)}
          </Button>
        ))}
      </p>
      <Loaded
        ready={accounts.value !== undefined}
        failure={accounts.failure && toFailureText(accounts.failure, t)}
        onRetry={() => void accounts.reload()}
      >
        {accounts.value?.length === 0 && (
          <p className="quiet">{family === 'channels' ? t('setup.account.noChannels') : t('setup.account.noShops')}</p>
        )}
        {accounts.value && accounts.value.length > 0 && (
          <Rows label={t(`people.settings.${family === 'channels' ? 'channels' : 'shops'}`)}>
            {accounts.value.map((account) => (
              <AccountRow key={account.id} account={account} onOpen={(kind) => setOpen({ kind, id: account.id })} />
            ))}
          </Rows>
        )}
      </Loaded>
      {open && (
        <AccountDialog
          definition={kindOf(open.kind)}
          account={opened}
          teams={teams.value ?? []}
          timeZone={timeZone}
          onSaved={(saved) => {
            setOpen({ kind: open.kind, id: saved.id });
            const others = accounts.value?.filter(({ id }) => id !== saved.id) ?? [];
            accounts.set([...others, saved].toSorted((left, right) => (left.id < right.id ? -1 : 1)));
          }}
          onClose={() => {
            setOpen(null);
            void accounts.reload();
          }}
        />
      )}
    </>
  );
}

function AccountRow({ account, onOpen }: { account: Account; onOpen: (kind: AccountKind) => void }) {
  const { t } = useTranslation();
  const state = findState(account);
  const definition = findKind(account.kind);
  return (
    <ListRow
      icon={<ChannelIcon kind={account.kind} size={20} />}
      title={account.name}
      badges={<Badge look={BADGES[state]}>{t(STATES[state])}</Badge>}
      detail={
        <>
          {account.address}
          {account.lastEventAt !== null && (
            <>
              {' · '}
              {t('common.prefix', { label: t('setup.account.lastEvent') })}
              <Ago at={account.lastEventAt} />
            </>
          )}
        </>
      }
      action={
        definition && (
          <Button
            aria-label={t('setup.account.openNamed', { name: account.name })}
            onClick={() => onOpen(definition.kind)}
          >
            {t('setup.account.open')}
          </Button>
        )
      }
    >
      <Trouble account={account} />
    </ListRow>
  );
}

/** What went wrong with an account, with times: refused requests and failed sending. */
function Trouble({ account }: { account: Account }) {
  const { sendProblem, lastRejectedAt, lastRejectReason } = account;
  return (
    <>
      {sendProblem && <SendProblem text={sendProblem.text} since={sendProblem.since} />}
      {lastRejectedAt !== null && (
        <RejectedLine
          count={account.rejected}
          at={lastRejectedAt}
          reason={lastRejectReason ?? ''}
          urgent={findState(account) === 'rejected'}
        />
      )}
    </>
  );
}

function SendProblem({ text, since }: { text: string; since: number }) {
  const { t } = useTranslation();
  return <p className="problem">{t('setup.account.sendProblem', { text, time: useAgo(since) })}</p>;
}

function RejectedLine({ count, at, reason, urgent }: { count: number; at: number; reason: string; urgent: boolean }) {
  const { t } = useTranslation();
  const time = useAgo(at);
  return (
    <p className={urgent ? 'problem' : 'quiet-line'}>
      {t('setup.account.rejectedLine', { count, time, reason: translateServerWords(reason, t) })}
    </p>
  );
}
