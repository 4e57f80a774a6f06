import type { DesktopBridge, ServerCheck } from '@tradewind/shared/ipc/bridge';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { Callout } from '../../components/Callout.tsx';
import { Modal } from '../../components/Modal.tsx';
import { routeOfLink, startNextAt } from '../../stores/route.ts';
import { AddressForm } from './AddressForm.tsx';

interface ConnectDialogProps {
  bridge: DesktopBridge;
  /** From a link somebody followed: never gone to unasked. */
  address: string;
  onClose: () => void;
}

/** A link asks to work at another desk: the address is shown, checked, and gone to only when the person says so. */
export function ConnectDialog({ bridge, address, onClose }: ConnectDialogProps) {
  const { t } = useTranslation();
  const [found, setFound] = useState<Extract<ServerCheck, { kind: 'ok' }> | null>(null);

  async function choose(origin: string) {
    startNextAt(routeOfLink(address));
    await bridge.servers.choose(origin);
  }

  return (
    <Modal title={t('setup.server.linkTitle')} description={t('setup.server.linkHint')} onClose={onClose}>
      {found === null ? (
        <AddressForm bridge={bridge} address={address} onFound={setFound} />
      ) : (
        <div className="stack">
          <Callout look="ok" live="status" title={found.name}>
            <p>{found.origin}</p>
          </Callout>
          <Button look="primary" data-autofocus onClick={() => void choose(found.origin)}>
            {t('setup.server.goTo', { name: found.name })}
          </Button>
          <Button look="quiet" onClick={onClose}>
            {t('common.cancel')}
          </Button>
        </div>
      )}
    </Modal>
  );
}
