import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../components/Badge.tsx';
import { Block } from '../../components/Block.tsx';
import { Button } from '../../components/Button.tsx';
import { Modal } from '../../components/Modal.tsx';
import { disableTotp } from '../../desk/api/own-account.ts';
import { ConfirmPassword } from './ConfirmPassword.tsx';
import { TotpSetupDialog } from './TotpSetupDialog.tsx';

/** Log-in codes of an authenticator app: on or off. */
export function TotpBlock({ on, onChanged }: { on: boolean; onChanged: () => void }) {
  const { t } = useTranslation();
  const [dialog, setDialog] = useState<'set-up' | 'turn-off' | null>(null);
  const close = () => setDialog(null);
  return (
    <Block title={t('people.totp.title')} hint={t('people.totp.hint')}>
      <p>
        <Badge look={on ? 'ok' : 'plain'}>{on ? t('people.totp.on') : t('people.totp.off')}</Badge>
      </p>
      <p>
        {on ? (
          <Button onClick={() => setDialog('turn-off')}>{t('people.totp.turnOff')}</Button>
        ) : (
          <Button onClick={() => setDialog('set-up')}>{t('people.totp.setUp')}</Button>
        )}
      </p>
      {dialog === 'set-up' && (
        <TotpSetupDialog
          onClose={() => {
            close();
            onChanged();
          }}
        />
      )}
      {dialog === 'turn-off' && (
        <Modal title={t('people.totp.turnOff')} description={t('people.totp.turnOffHint')} onClose={close}>
          <ConfirmPassword
            submit={t('people.totp.turnOff')}
            onConfirm={disableTotp}
            onDone={() => {
              close();
              onChanged();
            }}
          />
        </Modal>
      )}
    </Block>
  );
}
