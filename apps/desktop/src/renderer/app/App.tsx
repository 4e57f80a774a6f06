import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConnection } from '../desk/hooks.ts';
import type { Desk } from '../desk/types.ts';
import { ErasedScreen } from '../features/login/ErasedScreen.tsx';
import { ResetScreen } from '../features/login/ResetScreen.tsx';
import { SealedScreen } from '../features/login/SealedScreen.tsx';
import { InviteScreen } from '../features/people/InviteScreen.tsx';
import { ConnectDialog } from '../features/server/ConnectDialog.tsx';
import { LimitsNotice } from '../features/server/LimitsNotice.tsx';
import { ServerScreen } from '../features/server/ServerScreen.tsx';
import { LookButton } from '../features/settings/LookButton.tsx';
import { currentServer, platform } from '../platform/platform.ts';
import { onShellEvent } from '../platform/shell-events.ts';
import { DeskContext } from '../session/desk-context.ts';
import { useDaysUntilSealed } from '../session/use-days-until-sealed.ts';
import { navigate, type Route, useRoute } from '../stores/route.ts';
import { DeskFrame } from './DeskFrame.tsx';
import { Dialogs } from './Dialogs.tsx';
import { ErrorScreen } from './ErrorScreen.tsx';
import { GuideScreen } from './GuideScreen.tsx';
import { Outside, OutsideFooter } from './Outside.tsx';
import { Restoring } from './Restoring.tsx';
import { type SessionActions, useSession } from './use-session.ts';

const DESK: Route = { kind: 'desk', conversationId: null };

/** A link of the desktop app that asks for another desk, and the shell's menu where it leads to a screen. */
function useShellRequests(): [address: string | null, forget: () => void] {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    const stops = [
      onShellEvent('connect', (event) => setAddress(event.address)),
      onShellEvent('menu', ({ command }) => {
        if (command === 'settings') navigate({ kind: 'settings', section: 'account' });
        if (command === 'servers') navigate({ kind: 'servers' });
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  return [address, () => setAddress(null)];
}

/** The whole window: which desk, who is at it, and what of it is shown. */
export function App() {
  const [asked, forget] = useShellRequests();
  return (
    <>
      <Screen />
      {platform.bridge && asked !== null && <ConnectDialog bridge={platform.bridge} address={asked} onClose={forget} />}
    </>
  );
}

function Screen() {
  const { kind } = useRoute();
  if (platform.bridge && (kind === 'servers' || currentServer() === null)) {
    return <ServerScreen bridge={platform.bridge} footer={<LookButton />} />;
  }
  return <AtServer />;
}

function AtServer() {
  const { t } = useTranslation();
  const actions = useSession();
  const { session } = actions;
  switch (session.kind) {
    case 'restoring':
      return <Restoring />;
    case 'failed':
      return (
        <ErrorScreen
          title={t('app.cannotOpen')}
          hint={t('app.cannotOpenHint')}
          action={t('app.tryAgain')}
          detail={
            session.error instanceof Error ? (session.error.stack ?? session.error.message) : String(session.error)
          }
          onAction={() => window.location.reload()}
        />
      );
    case 'out':
      return <Outside expiredEmail={session.expiredEmail} actions={actions} />;
    case 'erased':
      return <ErasedScreen reason={session.reason} footer={<OutsideFooter />} onContinue={actions.startOver} />;
    case 'in':
      return (
        <DeskContext value={session.desk}>
          <AtDesk actions={actions} desk={session.desk} />
        </DeskContext>
      );
  }
}

function AtDesk({ actions, desk }: { actions: SessionActions; desk: Desk }) {
  const route = useRoute();
  const { logIn, logOut, enter } = actions;
  const sealed = useDaysUntilSealed() === 0;
  const locked = useConnection().kind === 'locked';
  const dialogs = { onLogIn: logIn, onLogOut: (options: { erase: boolean }) => void logOut(desk, options) };
  if (route.kind === 'invite') {
    return (
      <InviteScreen
        token={route.token}
        signedInAs={desk.agent.name}
        footer={<OutsideFooter />}
        notice={<LimitsNotice />}
        onAccept={(person) => enter({ by: 'invite', token: route.token, ...person }, DESK)}
      />
    );
  }
  if (route.kind === 'reset') {
    return (
      <ResetScreen
        footer={<OutsideFooter />}
        onReset={(password) => enter({ by: 'reset', token: route.token, password }, DESK)}
      />
    );
  }
  // An ended session is asked for first: it may be over for good.
  if (sealed && !locked) return <SealedScreen footer={<OutsideFooter />} />;
  if (route.kind === 'setup' && desk.agent.role === 'admin') {
    return (
      <>
        <GuideScreen />
        <Dialogs {...dialogs} />
      </>
    );
  }
  return <DeskFrame {...dialogs} />;
}
