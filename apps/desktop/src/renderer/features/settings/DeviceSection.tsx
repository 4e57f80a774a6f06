import type { DesktopBridge, ShellPreferences } from '@tradewind/shared/ipc/bridge';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Block } from '../../components/Block.tsx';
import { Button } from '../../components/Button.tsx';
import { Callout } from '../../components/Callout.tsx';
import { Switch } from '../../components/Switch.tsx';
import { currentServer } from '../../platform/platform.ts';
import { useTokenStorage } from '../../platform/use-token-storage.ts';
import { navigate } from '../../stores/route.ts';
import { NoticeBlock } from './NoticeBlock.tsx';

interface DeviceSectionProps {
  /** Null in a browser. */
  bridge: DesktopBridge | null;
  /** What a browser cannot do here, where it cannot. */
  limits: ReactNode;
}

/** What belongs to this device rather than to the agent: how the app starts, where the session lies. */
export function DeviceSection({ bridge, limits }: DeviceSectionProps) {
  const { t } = useTranslation();
  if (bridge === null) {
    return (
      <>
        {limits}
        <NoticeBlock />
        <Block title={t('people.device.session')} hint={t('people.device.sessionCookie')}>
          {null}
        </Block>
        <AtRest />
      </>
    );
  }
  return (
    <>
      <ShellSwitches bridge={bridge} />
      <NoticeBlock />
      <Block title={t('people.device.server')} hint={currentServer() ?? ''}>
        <p>
          <Button onClick={() => navigate({ kind: 'servers' })}>{t('people.device.otherServer')}</Button>
        </p>
      </Block>
      <TokenNote />
      <AtRest />
    </>
  );
}

/** What protects the data here, and what does not (docs/adr/0021). */
function AtRest() {
  const { t } = useTranslation();
  return (
    <Block title={t('devices.atRest')} hint={t('devices.atRestHint')}>
      {null}
    </Block>
  );
}

function ShellSwitches({ bridge }: { bridge: DesktopBridge }) {
  const { t } = useTranslation();
  const [preferences, setPreferences] = useState<ShellPreferences | null>(null);
  useEffect(() => {
    void bridge.shell.preferences().then(setPreferences);
  }, [bridge]);
  const change = (part: Partial<ShellPreferences>) => void bridge.shell.setPreferences(part).then(setPreferences);
  return (
    <Block title={t('people.device.app')}>
      <Switch
        label={t('people.device.startAtLogin')}
        checked={preferences?.startAtLogin ?? false}
        disabled={preferences === null}
        onChange={(startAtLogin) => change({ startAtLogin })}
      />
      <Switch
        label={t('people.device.closeToTray')}
        hint={t('people.device.closeToTrayHint')}
        checked={preferences?.closeToTray ?? false}
        disabled={preferences === null}
        onChange={(closeToTray) => change({ closeToTray })}
      />
    </Block>
  );
}

function TokenNote() {
  const { t } = useTranslation();
  const storage = useTokenStorage();
  return (
    <Block title={t('people.device.session')}>
      {storage === 'key-store' && <p className="quiet">{t('people.device.keyStore')}</p>}
      {storage === 'memory' && (
        <Callout look="warn" title={t('people.device.memoryTitle')}>
          <p>{t('people.device.memory')}</p>
        </Callout>
      )}
    </Block>
  );
}
