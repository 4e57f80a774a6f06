import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import type { Account } from '../../desk/api/accounts.ts';
import { AccountForm } from './AccountForm.tsx';
import { Connection } from './Connection.tsx';
import type { FormValues } from './draft.ts';
import { type AccountKind, kindOf } from './kinds.ts';

interface AccountStepProps {
  kind: AccountKind;
  /** The one that is connected already, if any. */
  account: Account | null;
  initial?: FormValues;
  initialName?: string | undefined;
  timeZone: string;
  onSaved: (account: Account) => void;
}

/** Connecting one account in the guide: first its values, then what to do at the platform, with the wait in view. */
export function AccountStep({ kind, account, initial, initialName, timeZone, onSaved }: AccountStepProps) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const definition = kindOf(kind);
  if (account && !editing) {
    return (
      <div className="stack">
        <Connection definition={definition} account={account} />
        <p>
          <Button onClick={() => setEditing(true)}>{t('setup.account.edit')}</Button>
        </p>
      </div>
    );
  }
  return (
    <AccountForm
      definition={definition}
      account={account}
      {...(initial ? { initial } : {})}
      initialName={initialName}
      teams={[]}
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
  );
}
