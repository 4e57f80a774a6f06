import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionForm } from '../../components/ActionForm.tsx';
import { CopyField } from '../../components/CopyField.tsx';
import { Modal } from '../../components/Modal.tsx';
import { QrCode } from '../../components/QrCode.tsx';
import { TextField } from '../../components/TextField.tsx';
import { beginTotp, enableTotp, type TotpSetup } from '../../desk/api/own-account.ts';
import { useAction } from '../../desk/api/use-action.ts';
import { ConfirmPassword } from './ConfirmPassword.tsx';
import { RecoveryCodes } from './RecoveryCodes.tsx';
import styles from './TotpSetupDialog.module.css';

/** Sets log-in codes up: password, the secret in an app, one code to prove it, and recovery codes to keep. */
export function TotpSetupDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [setup, setSetup] = useState<TotpSetup | null>(null);
  const [recoveryCodes, setRecoveryCodes] = useState<readonly string[] | null>(null);
  if (recoveryCodes !== null) {
    // They are never shown again: nothing but the button closes this.
    return (
      <Modal
        title={t('people.totp.codesTitle')}
        description={t('people.totp.codesHint')}
        closable={false}
        onClose={onClose}
      >
        <RecoveryCodes codes={recoveryCodes} onDone={onClose} />
      </Modal>
    );
  }
  if (setup !== null) {
    return (
      <Modal title={t('people.totp.scanTitle')} description={t('people.totp.scanHint')} onClose={onClose}>
        <ScanForm setup={setup} onEnabled={setRecoveryCodes} />
      </Modal>
    );
  }
  return (
    <Modal title={t('people.totp.setUp')} description={t('people.totp.confirmHint')} onClose={onClose}>
      <ConfirmPassword submit={t('people.totp.goOn')} onConfirm={beginTotp} onDone={setSetup} />
    </Modal>
  );
}

function ScanForm({ setup, onEnabled }: { setup: TotpSetup; onEnabled: (codes: readonly string[]) => void }) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const action = useAction(['code']);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  async function handleSubmit() {
    if (code.trim() === '') return action.refuse({ code: t('setup.login.needCode') });
    const enabled = await action.run(() => enableTotp(code.trim()));
    if (enabled) onEnabled(enabled.value.recoveryCodes);
    else field.current?.select();
  }

  return (
    <ActionForm action={action} submit={t('people.totp.turnOn')} onSubmit={handleSubmit}>
      <div className={styles.scan}>
        <QrCode text={setup.uri} label={t('people.totp.qr')} />
        <div className={styles.secret}>
          <CopyField
            long
            label={t('people.totp.secret')}
            hint={t('people.totp.secretHint')}
            value={setup.secret.replace(/(.{4})(?=.)/g, '$1 ')}
          />
        </div>
      </div>
      <TextField
        label={t('people.totp.code')}
        hint={t('people.totp.codeHint')}
        error={action.errorOf('code')}
        ref={field}
        mono
        inputMode="numeric"
        name="code"
        autoComplete="one-time-code"
        value={code}
        onChange={setCode}
      />
    </ActionForm>
  );
}
