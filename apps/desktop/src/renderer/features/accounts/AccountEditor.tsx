import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import type { Account } from '../../desk/api/accounts.ts';
import { AccountForm } from './AccountForm.tsx';
import { Connection } from './Connection.tsx';
import type { FormValues } from './draft.ts';
import type { KindDefinition } from './kinds.ts';

interface AccountEditorProps {
  definition: KindDefinition;
  /** The one that is connected already, if any. */
  account: Account | null;
  initial?: FormValues;
  initialName?: string | undefined;
  /** To choose who may see it from; empty hides the choice. */
  teams: readonly { id: string; name: string }[];
  timeZone: string;
  onSaved: (account: Account) => void;
}

/** One account, in the guide and in the settings: first its values, then what to do at the platform, with the wait in view. */
export function AccountEditor(props: AccountEditorProps) {
  const { definition, account, initial, initialName, teams, timeZone, onSaved } = props;
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
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
      teams={teams}
      timeZone={timeZone}
      onCancel={() => setEditing(false)}
      onSaved={(saved) => {
        setEditing(false);
        onSaved(saved);
      }}
    />
  );
}
