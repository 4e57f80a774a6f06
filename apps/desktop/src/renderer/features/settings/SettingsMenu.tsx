import { LogOut, Settings, SlidersHorizontal } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../components/Button.tsx';
import { Menu, MenuItem, MenuLine, MenuText } from '../../components/Menu.tsx';
import { NoticeSettings } from '../../notices/NoticeSettings.tsx';
import { useDesk } from '../../session/desk-context.ts';
import { navigate } from '../../stores/route.ts';
import { useUi } from '../../stores/ui.ts';
import { LookSettings } from './LookSettings.tsx';

export function SettingsMenu() {
  const { t } = useTranslation();
  const desk = useDesk();
  const showDialog = useUi((state) => state.showDialog);
  return (
    <Menu
      trigger={
        <IconButton label={t('nav.settings')}>
          <Settings size={20} strokeWidth={1.75} aria-hidden="true" />
        </IconButton>
      }
    >
      <MenuText>{t('settings.signedInAs', { name: desk.agent.name })}</MenuText>
      <MenuItem
        icon={<SlidersHorizontal size={16} aria-hidden="true" />}
        onSelect={() => navigate({ kind: 'settings', section: 'account' })}
      >
        {t('people.settings.all')}
      </MenuItem>
      <MenuLine />
      <LookSettings />
      <MenuLine />
      <NoticeSettings />
      <MenuLine />
      <MenuItem icon={<LogOut size={16} aria-hidden="true" />} onSelect={() => showDialog('log-out')}>
        {t('settings.logOut')}
      </MenuItem>
    </Menu>
  );
}
