import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { Modal } from '../../components/Modal.tsx';
import type { Account } from '../../desk/api/accounts.ts';
import { AccountForm } from './AccountForm.tsx';
import { Connection } from './Connection.tsx';
import type { KindDefinition } from './kinds.ts';

interface AccountDialogProps {
  definition: KindDefinition;
  /** Null makes a new one. */
  account: Account | null;
  teams: readonly { id: string; name: string }[];
  timeZone: string;
  onSaved: (account: Account) => void;
  onClose: () => void;
}

/** One account in the settings: what is to be done at the platform and whether it works, or its values. */
export function AccountDialog({ definition, account, teams, timeZone, onSaved, onClose }: AccountDialogProps) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(account === null);
  if (account && !editing) {
    return (
      <Modal title={account.name} description={t(`setup.account.kind_${definition.kind}`)} onClose={onClose}>
        <div className="stack">
          <Connection definition={definition} account={account} />
          <p>
            <Button onClick={() => setEditing(true)}>{t('setup.account.edit')}</Button>
          </p>
        </div>
      </Modal>
    );
  }
  return (
    <Modal title={account?.name ?? t(`setup.account.add_${definition.kind}`)} onClose={onClose}>
      <AccountForm
        definition={definition}
        account={account}
        teams={teams}
        timeZone={timeZone}
        submit={account ? t('setup.account.save') : t('setup.account.connect')}
        secondary={
          account && (
            <Button look="quiet" onClick={() => setEditing(false)}>
              {t('common.cancel')}
            </Button>
          )
        }
        onSaved={(saved) => {
          setEditing(false);
          onSaved(saved);
        }}
      />
    </Modal>
  );
}
