import { Monitor, Smartphone } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../components/Badge.tsx';
import { Button } from '../../components/Button.tsx';
import { Ago } from '../../components/Instant.tsx';
import { ListRow, Rows } from '../../components/ListRow.tsx';
import { Loaded } from '../../components/Loaded.tsx';
import type { ApiResult } from '../../desk/api/client.ts';
import { toFailureText } from '../../desk/api/failure-text.ts';
import { type DeviceSession, endOtherSessions, endSession, listSessions } from '../../desk/api/own-account.ts';
import { useAction } from '../../desk/api/use-action.ts';
import { useLoad } from '../../desk/api/use-load.ts';
import { describeUserAgent } from './user-agent.ts';

/** Where one is logged in, this device first, and the end of it. */
export function DevicesSection() {
  const { t } = useTranslation();
  const sessions = useLoad(listSessions);
  const action = useAction();
  const sorted = sessions.value?.toSorted(
    (left, right) => Number(right.current) - Number(left.current) || right.lastSeenAt - left.lastSeenAt,
  );
  const others = sorted?.filter(({ current }) => !current) ?? [];

  async function end(work: () => Promise<ApiResult<unknown>>) {
    await action.run(work);
    await sessions.reload();
  }

  return (
    <>
      <Loaded
        ready={sessions.value !== undefined}
        failure={sessions.failure && toFailureText(sessions.failure, t)}
        onRetry={() => void sessions.reload()}
      >
        <Rows label={t('people.settings.devices')}>
          {sorted?.map((session) => (
            <DeviceRow
              key={session.id}
              session={session}
              busy={action.busy}
              onEnd={() => void end(() => endSession(session.id))}
            />
          ))}
        </Rows>
      </Loaded>
      {action.message && (
        <p className="problem" role="alert">
          {action.message}
        </p>
      )}
      {others.length > 0 && <p className="quiet">{t('devices.revokeHint')}</p>}
      {others.length > 0 && (
        <p>
          <Button look="danger" disabled={action.busy} onClick={() => void end(endOtherSessions)}>
            {t('people.device.endOthers', { count: others.length })}
          </Button>
        </p>
      )}
    </>
  );
}

function DeviceRow({ session, busy, onEnd }: { session: DeviceSession; busy: boolean; onEnd: () => void }) {
  const { t } = useTranslation();
  const name = describeUserAgent(session.userAgent) || t('people.device.unknown');
  const Icon = /Mobile|Android|iPhone/.test(session.userAgent) ? Smartphone : Monitor;
  return (
    <ListRow
      icon={<Icon size={20} strokeWidth={1.5} aria-hidden="true" />}
      title={name}
      badges={session.current && <Badge look="accent">{t('people.device.this')}</Badge>}
      detail={
        <>
          {session.address} · {t('people.device.seen')} <Ago at={session.lastSeenAt} />
        </>
      }
      action={
        !session.current && (
          <Button aria-label={t('people.device.endNamed', { name })} disabled={busy} onClick={onEnd}>
            {t('people.device.end')}
          </Button>
        )
      }
    />
  );
}
