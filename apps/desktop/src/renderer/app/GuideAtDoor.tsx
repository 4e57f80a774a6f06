import type { ReactNode } from 'react';
import { ownTimeZone } from '../components/time-zones.ts';
import type { SetupStatus } from '../desk/api/setup.ts';
import { AdminStep } from '../features/setup/AdminStep.tsx';
import { GuideFrame } from '../features/setup/GuideFrame.tsx';
import { currentServer } from '../platform/platform.ts';
import { useGuideStore } from '../stores/guide.ts';
import type { SessionActions } from './use-session.ts';

const NOTHING_YET = {
  admin: 'open',
  desk: 'open',
  mailbox: 'open',
  shop: 'open',
  chat: 'open',
  people: 'open',
  try: 'open',
} as const;

interface GuideAtDoorProps {
  code: string;
  status: SetupStatus;
  footer: ReactNode;
  notice: ReactNode;
  onEnter: SessionActions['enter'];
  onTaken: () => void;
}

/** The first of the first steps, before anybody can log in: the admin. The time zone is this browser's until it is looked at. */
export function GuideAtDoor({ code, status, footer, notice, onEnter, onTaken }: GuideAtDoorProps) {
  const mark = useGuideStore((state) => state.mark);
  return (
    <GuideFrame
      states={NOTHING_YET}
      current="admin"
      onGo={null}
      onLeave={null}
      next={null}
      footer={footer}
      notice={notice}
    >
      <AdminStep
        code={code}
        onTaken={onTaken}
        onMake={async (admin) => {
          const first = { by: 'setup', ...admin, deskName: status.deskName, timeZone: ownTimeZone() } as const;
          const result = await onEnter(first, { kind: 'setup', code: null });
          if (result.ok) mark(currentServer() ?? '', { started: true });
          return result;
        }}
      />
    </GuideFrame>
  );
}
