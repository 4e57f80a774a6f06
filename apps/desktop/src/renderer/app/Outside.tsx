import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/Button.tsx';
import { Callout } from '../components/Callout.tsx';
import { readSetup } from '../desk/api/setup.ts';
import { useLoad } from '../desk/api/use-load.ts';
import { ForgotScreen } from '../features/login/ForgotScreen.tsx';
import { LoginScreen } from '../features/login/LoginScreen.tsx';
import { ResetScreen } from '../features/login/ResetScreen.tsx';
import { InviteScreen } from '../features/people/InviteScreen.tsx';
import { LimitsNotice } from '../features/server/LimitsNotice.tsx';
import { LookButton } from '../features/settings/LookButton.tsx';
import { currentServer, platform } from '../platform/platform.ts';
import { navigate, type Route, useRoute } from '../stores/route.ts';
import { GuideAtDoor } from './GuideAtDoor.tsx';
import { Restoring } from './Restoring.tsx';
import type { SessionActions } from './use-session.ts';

const DESK: Route = { kind: 'desk', conversationId: null };

/** Below every card: language and theme, and in the desktop app which server this is. */
export function OutsideFooter() {
  const server = currentServer();
  return (
    <>
      <LookButton />
      {platform.bridge && server !== null && (
        <Button look="quiet" onClick={() => navigate({ kind: 'servers' })}>
          {new URL(server).host}
        </Button>
      )}
    </>
  );
}

interface OutsideProps {
  expiredEmail: string | null;
  actions: Pick<SessionActions, 'logIn' | 'enter'>;
}

/** What somebody sees who is not at a desk yet: the way in that his link names, the first steps of a new desk, or the log-in. */
export function Outside({ expiredEmail, actions: { logIn, enter } }: OutsideProps) {
  const { t } = useTranslation();
  const route = useRoute();
  const setup = useLoad(readSetup);
  const [reason, setReason] = useState<'needs-code' | null>(null);
  const footer = <OutsideFooter />;
  const notice = <LimitsNotice />;
  const status = setup.value;
  const isGuide = status?.needsSetup === true && route.kind !== 'servers';
  const isSpentCode = status?.needsSetup === false && route.kind === 'setup';

  useEffect(() => {
    // A link to set up what is set up: log-in, and then the guide where it was left.
    if (isSpentCode) navigate({ kind: 'setup', code: null }, { replace: true });
  }, [isSpentCode]);

  if (route.kind === 'invite') {
    return (
      <InviteScreen
        token={route.token}
        signedInAs={null}
        footer={footer}
        notice={notice}
        onAccept={(person) => enter({ by: 'invite', token: route.token, ...person }, DESK)}
      />
    );
  }
  if (route.kind === 'reset') {
    return (
      <ResetScreen
        footer={footer}
        onReset={async (password) => {
          const result = await enter({ by: 'reset', token: route.token, password }, DESK);
          if (result.ok && result.value === null) setReason('needs-code');
          return result;
        }}
      />
    );
  }
  if (route.kind === 'forgot') return <ForgotScreen byMail={status?.resetByMail ?? null} footer={footer} />;
  // Nothing is shown of the log-in until it is known that there is somebody who could.
  if (!status && !setup.failure) return <Restoring />;
  if (isGuide) {
    return (
      <GuideAtDoor
        code={route.kind === 'setup' ? (route.code ?? '') : ''}
        status={status}
        footer={footer}
        notice={notice}
        onEnter={enter}
        onTaken={() => void setup.reload()}
      />
    );
  }
  return (
    <LoginScreen
      expiredEmail={expiredEmail}
      deskName={status?.deskName ?? null}
      reason={
        reason === 'needs-code' && (
          <Callout look="ok" live="status">
            {t('setup.login.resetDoneCode')}
          </Callout>
        )
      }
      footer={footer}
      notice={notice}
      onLogIn={logIn}
    />
  );
}
