import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { Modal } from '../../components/Modal.tsx';
import { useUnsent } from '../../desk/hooks.ts';
import { canUnlockOffline } from '../../desk/session.ts';
import { useDesk } from '../../session/desk-context.ts';
import styles from './LogOutDialog.module.css';
import { UnsentList } from './UnsentList.tsx';

interface LogOutDialogProps {
  onClose: () => void;
  onLogOut: (options: { erase: boolean }) => void;
}

/** Keep or erase; what has not been sent is named before it can be lost. */
export function LogOutDialog({ onClose, onLogOut }: LogOutDialogProps) {
  const { t } = useTranslation();
  const { agent } = useDesk();
  const unsent = useUnsent();
  return (
    <Modal title={t('settings.logOutTitle')} description={t('settings.logOutHint')} onClose={onClose}>
      {unsent.length > 0 && (
        <div className={styles.unsent} role="alert">
          <p>{t('settings.unsent', { count: unsent.length })}</p>
          <UnsentList unsent={unsent} />
          <p>{t('devices.unsentKept')}</p>
        </div>
      )}
      <p className="quiet">{t(canUnlockOffline(agent.id) ? 'devices.offlineBack' : 'devices.noOfflineBack')}</p>
      <div className={styles.actions}>
        <Button look="quiet" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <Button look="danger" onClick={() => onLogOut({ erase: true })}>
          {t('settings.erase')}
        </Button>
        <Button look="primary" onClick={() => onLogOut({ erase: false })}>
          {t('settings.keep')}
        </Button>
      </div>
    </Modal>
  );
}
