import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { CopyButton } from '../../components/CopyField.tsx';
import { useDesk } from '../../session/desk-context.ts';
import styles from './TotpSetupDialog.module.css';

/** Saves a text as a file of this device. */
function download(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  link.download = name;
  link.click();
  // The browser has taken the file over once the click is done with.
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
}

/** The codes for the day the phone is lost: shown this once, to be copied or saved. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const { t } = useTranslation();
  const { agent } = useDesk();
  const text = codes.join('\n');
  return (
    <>
      <ul className={styles.codes} aria-label={t('people.totp.codes')}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className={styles.buttons}>
        <CopyButton text={text} name={t('people.totp.codes')} label={t('people.totp.copyAll')} />
        <Button
          icon={<Download size={14} aria-hidden="true" />}
          onClick={() => download('tradewind-recovery-codes.txt', `Tradewind · ${agent.email}\n\n${text}\n`)}
        >
          {t('people.totp.download')}
        </Button>
        <Button look="primary" onClick={onDone}>
          {t('people.totp.kept')}
        </Button>
      </div>
    </>
  );
}
