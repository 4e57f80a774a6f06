import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { Modal } from '../../components/Modal.tsx';
import { usePendingCount } from '../../desk/hooks.ts';
import styles from './LogOutDialog.module.css';

interface LogOutDialogProps {
  onClose: () => void;
  onLogOut: (options: { erase: boolean }) => void;
}

/** Keep or erase; what has not been sent is named before it can be lost. */
export function LogOutDialog({ onClose, onLogOut }: LogOutDialogProps) {
  const { t } = useTranslation();
  const pending = usePendingCount();
  return (
    <Modal title={t('settings.logOutTitle')} description={t('settings.logOutHint')} onClose={onClose}>
      {pending > 0 && (
        <p className={styles.unsent} role="alert">
          {t('settings.unsent', { count: pending })}
        </p>
      )}
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
