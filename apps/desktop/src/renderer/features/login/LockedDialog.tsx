import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { Modal } from '../../components/Modal.tsx';
import { usePendingCount } from '../../desk/hooks.ts';
import { useDesk } from '../../session/desk-context.ts';
import type { LogIn } from '../../session/login-outcome.ts';
import styles from './LockedDialog.module.css';
import { LoginForm } from './LoginForm.tsx';

interface LockedDialogProps {
  onLogIn: LogIn;
  /** Leaves this agent's data on the device, locked. */
  onLeave: () => void;
}

/** The session ended on the server: the same agent logs in again and goes on where he was. */
export function LockedDialog({ onLogIn, onLeave }: LockedDialogProps) {
  const { t } = useTranslation();
  const desk = useDesk();
  const pending = usePendingCount();
  return (
    <Modal
      title={t('login.lockedTitle')}
      description={t('login.lockedHint', { email: desk.agent.email })}
      onClose={onLeave}
      closable={false}
    >
      {pending > 0 && <p className={styles.pending}>{t('login.lockedPending', { count: pending })}</p>}
      <LoginForm email={desk.agent.email} fixed onLogIn={onLogIn} />
      <Button look="quiet" className={styles.leave ?? ''} onClick={onLeave}>
        {t('login.otherAgent')}
      </Button>
    </Modal>
  );
}
