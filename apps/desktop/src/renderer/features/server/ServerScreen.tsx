import type { DesktopBridge } from '@tradewind/shared/ipc/bridge';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { CardScreen } from '../../components/CardScreen.tsx';
import { navigate, routeOfLink, startNextAt } from '../../stores/route.ts';
import { AddressForm } from './AddressForm.tsx';
import { ServerList } from './ServerList.tsx';
import { useServers } from './use-servers.ts';

interface ServerScreenProps {
  bridge: DesktopBridge;
  footer: ReactNode;
}

/** The first screen of the desktop app: which desk to work at. Choosing one loads the window anew. */
export function ServerScreen({ bridge, footer }: ServerScreenProps) {
  const { t } = useTranslation();
  const { servers, current, forget } = useServers(bridge);
  const [leaving, setLeaving] = useState(false);

  async function choose(origin: string, link = '') {
    setLeaving(true);
    startNextAt(routeOfLink(link));
    await bridge.servers.choose(origin);
  }

  return (
    <CardScreen title={t('setup.server.title')} hint={t('setup.server.hint')} footer={footer}>
      <AddressForm bridge={bridge} address="" onFound={({ origin }, typed) => void choose(origin, typed)} />
      {servers && servers.length > 0 && (
        <ServerList
          servers={servers}
          current={current}
          onChoose={(origin) => void choose(origin)}
          onForget={(origin) => void forget(origin)}
        />
      )}
      {current !== null && !leaving && (
        <Button look="quiet" className="wide" onClick={() => navigate({ kind: 'desk', conversationId: null })}>
          {t('setup.server.back')}
        </Button>
      )}
    </CardScreen>
  );
}
