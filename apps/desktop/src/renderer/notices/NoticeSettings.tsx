import { Bell } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { MenuItem, MenuSwitch, MenuText } from '../components/Menu.tsx';
import { usePreferences } from '../stores/preferences.ts';
import { askNoticePermission, useNoticePermission } from './permission.ts';

const EXPLAINED = {
  denied: 'shell.notice.denied',
  insecure: 'shell.notice.insecure',
  unsupported: 'shell.notice.unsupported',
} as const;

/** Notices and their sound, as entries of a menu; where they cannot be had, why, and what to do. */
export function NoticeSettings() {
  const { t } = useTranslation();
  const permission = useNoticePermission();
  const { notices, noticeSound, setNotices, setNoticeSound } = usePreferences();
  const possible = permission === 'granted' || permission === 'shell';
  return (
    <>
      <MenuText>{t('shell.notice.label')}</MenuText>
      {permission === 'default' && (
        <MenuItem icon={<Bell size={16} aria-hidden="true" />} onSelect={() => void askNoticePermission()}>
          {t('shell.notice.turnOn')}
        </MenuItem>
      )}
      {permission in EXPLAINED && <MenuText>{t(EXPLAINED[permission as keyof typeof EXPLAINED])}</MenuText>}
      {possible && (
        <MenuSwitch checked={notices} onChange={setNotices}>
          {t('shell.notice.show')}
        </MenuSwitch>
      )}
      <MenuSwitch checked={noticeSound} onChange={setNoticeSound}>
        {t('shell.notice.sound')}
      </MenuSwitch>
    </>
  );
}
