import { useConnection } from '../desk/hooks.ts';
import { LockedDialog } from '../features/login/LockedDialog.tsx';
import { NewConversationDialog } from '../features/new-conversation/NewConversationDialog.tsx';
import { ProblemsDialog } from '../features/problems/ProblemsDialog.tsx';
import { LogOutDialog } from '../features/settings/LogOutDialog.tsx';
import { ShortcutSheet } from '../features/shortcuts/ShortcutSheet.tsx';
import type { LogIn } from '../session/login-outcome.ts';
import { useUi } from '../stores/ui.ts';

interface DialogsProps {
  onLogIn: LogIn;
  onLogOut: (options: { erase: boolean }) => void;
}

/** The one window that lies above the desk, if any; an ended session comes before all others. */
export function Dialogs({ onLogIn, onLogOut }: DialogsProps) {
  const dialog = useUi((state) => state.dialog);
  const showDialog = useUi((state) => state.showDialog);
  const locked = useConnection().kind === 'locked';
  const close = () => showDialog(null);
  if (locked) return <LockedDialog onLogIn={onLogIn} onLeave={() => onLogOut({ erase: false })} />;
  switch (dialog) {
    case 'shortcuts':
      return <ShortcutSheet onClose={close} />;
    case 'new-conversation':
      return <NewConversationDialog onClose={close} />;
    case 'problems':
      return <ProblemsDialog onClose={close} />;
    case 'log-out':
      return <LogOutDialog onClose={close} onLogOut={onLogOut} />;
    case null:
      return null;
  }
}
