import { useTranslation } from 'react-i18next';
import { Modal } from '../../components/Modal.tsx';
import type { Account } from '../../desk/api/accounts.ts';
import { AccountEditor } from './AccountEditor.tsx';
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
export function AccountDialog({ onClose, ...editor }: AccountDialogProps) {
  const { definition, account } = editor;
  const { t } = useTranslation();
  return (
    <Modal
      title={account?.name ?? t(`setup.account.add_${definition.kind}`)}
      {...(account ? { description: t(`setup.account.kind_${definition.kind}`) } : {})}
      onClose={onClose}
    >
      <AccountEditor {...editor} />
    </Modal>
  );
}
