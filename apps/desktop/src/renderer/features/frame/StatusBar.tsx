import { CircleCheck, CloudOff, LoaderCircle, Lock, RefreshCw } from 'lucide-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { useDelayed } from '../../components/use-delayed.ts';
import { useConnection, usePendingCount, useProblems } from '../../desk/hooks.ts';
import type { ConnectionState } from '../../desk/types.ts';
import { loadNewest } from '../../service-worker/register.ts';
import { useDesk } from '../../session/desk-context.ts';
import { useDaysUntilSealed } from '../../session/use-days-until-sealed.ts';
import { useUi } from '../../stores/ui.ts';
import styles from './StatusBar.module.css';

const ICONS: Readonly<Record<ConnectionState['kind'], ComponentType<{ size?: number; 'aria-hidden'?: 'true' }>>> = {
  starting: LoaderCircle,
  syncing: LoaderCircle,
  online: CircleCheck,
  offline: CloudOff,
  locked: Lock,
  outdated: RefreshCw,
};

/** How many days before it happens one is told. */
const WARN_DAYS = 3;

function useSentence(connection: ConnectionState, pending: number): string {
  const { t } = useTranslation();
  // A command that is answered at once should not flicker through the bar.
  const slow = useDelayed(connection.kind === 'online' && pending > 0);
  switch (connection.kind) {
    case 'starting':
      return t('connection.starting');
    case 'syncing':
      return connection.received > 0
        ? t('connection.syncingCount', { count: connection.received })
        : t('connection.syncing');
    case 'online':
      if (slow) return t('connection.sending', { count: pending });
      return connection.historyPercent === undefined
        ? t('connection.online')
        : t('connection.historyArriving', { percent: connection.historyPercent });
    case 'offline':
      // The network may be there and the server not: the agent should not look for the fault at his end.
      if (navigator.onLine) return pending > 0 ? t('connection.awayPending', { count: pending }) : t('connection.away');
      return pending > 0 ? t('connection.offlinePending', { count: pending }) : t('connection.offline');
    case 'locked':
      return t('connection.locked');
    case 'outdated':
      return t('connection.outdated');
  }
}

/** The window's lower edge, always there so that nothing jumps: how the desk stands with the server. */
export function StatusBar() {
  const { t } = useTranslation();
  const desk = useDesk();
  const connection = useConnection();
  const pending = usePendingCount();
  const problems = useProblems();
  const showDialog = useUi((state) => state.showDialog);
  const daysLeft = useDaysUntilSealed();
  const sentence = useSentence(connection, pending);
  const Icon = ICONS[connection.kind];
  return (
    <footer className={styles.bar} data-kind={connection.kind} data-testid="connection">
      <span role="status" className={styles.sentence}>
        <Icon size={14} aria-hidden="true" />
        {sentence}
        {daysLeft <= WARN_DAYS && ` · ${t('devices.sealsIn', { count: daysLeft })}`}
      </span>
      {connection.kind === 'offline' && (
        <button type="button" className={styles.action} onClick={() => desk.retryNow()}>
          {t('connection.retryNow')}
        </button>
      )}
      {connection.kind === 'outdated' && (
        <button type="button" className={styles.action} onClick={() => void loadNewest()}>
          {t('app.reload')}
        </button>
      )}
      {problems.length > 0 && (
        <button type="button" className={styles.action} onClick={() => showDialog('problems')}>
          {t('nav.problems', { count: problems.length })}
        </button>
      )}
    </footer>
  );
}
