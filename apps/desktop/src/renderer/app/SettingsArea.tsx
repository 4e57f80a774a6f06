import { useTranslation } from 'react-i18next';
import { Block } from '../components/Block.tsx';
import { Button } from '../components/Button.tsx';
import { Callout } from '../components/Callout.tsx';
import { Loaded } from '../components/Loaded.tsx';
import { ownTimeZone } from '../components/time-zones.ts';
import { toFailureText } from '../desk/api/failure-text.ts';
import { readDeskSettings } from '../desk/api/setup.ts';
import { useLoad } from '../desk/api/use-load.ts';
import { AccountsSection } from '../features/accounts/AccountsSection.tsx';
import { PeopleSection } from '../features/people/PeopleSection.tsx';
import { TeamsSection } from '../features/people/TeamsSection.tsx';
import { Limits } from '../features/server/LimitsNotice.tsx';
import { AboutSection } from '../features/settings/AboutSection.tsx';
import { DeviceSection } from '../features/settings/DeviceSection.tsx';
import { DevicesSection } from '../features/settings/DevicesSection.tsx';
import { LookSection } from '../features/settings/LookSection.tsx';
import { OwnAccountSection } from '../features/settings/OwnAccountSection.tsx';
import { SettingsFrame } from '../features/settings/SettingsFrame.tsx';
import { DeskForm } from '../features/setup/DeskForm.tsx';
import { platform } from '../platform/platform.ts';
import { useDesk } from '../session/desk-context.ts';
import { navigate, type SettingsSection } from '../stores/route.ts';
import { goToDesk } from './use-address.ts';

const OWN: readonly SettingsSection[] = ['account', 'devices', 'look', 'device', 'about'];
const OF_THE_DESK: readonly SettingsSection[] = ['desk', 'people', 'teams', 'channels', 'shops'];

/** The settings beside the rail: an agent's own, and the desk's for admins. */
export function SettingsArea({ section }: { section: SettingsSection }) {
  const { t } = useTranslation();
  const { agent } = useDesk();
  const isAdmin = agent.role === 'admin';
  const own = { label: t('people.settings.own'), sections: OWN };
  const groups = isAdmin ? [own, { label: t('people.settings.ofTheDesk'), sections: OF_THE_DESK }] : [own];
  return (
    <SettingsFrame
      groups={groups}
      section={section}
      onBack={goToDesk}
      more={
        isAdmin && (
          <Button look="quiet" onClick={() => navigate({ kind: 'setup', code: null })}>
            {t('setup.guide.open')}
          </Button>
        )
      }
    >
      {!isAdmin && OF_THE_DESK.includes(section) ? (
        <Callout look="info">{t('people.settings.adminOnly')}</Callout>
      ) : (
        <Section section={section} ownId={agent.id} />
      )}
    </SettingsFrame>
  );
}

function Section({ section, ownId }: { section: SettingsSection; ownId: string }) {
  switch (section) {
    case 'account':
      return <OwnAccountSection />;
    case 'devices':
      return <DevicesSection />;
    case 'look':
      return <LookSection />;
    case 'device':
      return <DeviceSection bridge={platform.bridge} limits={<Limits />} />;
    case 'about':
      return <AboutSection />;
    case 'desk':
      return <DeskSection />;
    case 'people':
      return <PeopleSection ownId={ownId} />;
    case 'teams':
      return <TeamsSection />;
    case 'channels':
    case 'shops':
      return <Accounts key={section} family={section === 'channels' ? 'channels' : 'stores'} />;
  }
}

function Accounts({ family }: { family: 'channels' | 'stores' }) {
  const desk = useLoad(readDeskSettings);
  return <AccountsSection family={family} timeZone={desk.value?.timeZone ?? ownTimeZone()} />;
}

function DeskSection() {
  const { t } = useTranslation();
  const { value, failure, reload, set } = useLoad(readDeskSettings);
  return (
    <Loaded ready={value !== undefined} failure={failure && toFailureText(failure, t)} onRetry={() => void reload()}>
      {value && (
        <Block title={t('setup.desk.title')}>
          <DeskForm initial={value} submit={t('setup.account.save')} onSaved={set} />
        </Block>
      )}
    </Loaded>
  );
}
